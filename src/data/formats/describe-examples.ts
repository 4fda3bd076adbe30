import type { Examples } from '../examples.ts';

/** The part of examples that is described. */
export type Described = Pick<Examples, 'unit' | 'image' | 'axes'> & {
  readonly x: { readonly shape: readonly number[] };
};

/** How data were read, in words: "10 images of 512×512, gray", "150 examples of 4 numbers". */
export function describeExamples(stacks: readonly Described[]): string {
  const [{ x, unit, image, axes }] = stacks;
  const m = stacks.reduce((sum, stack) => sum + stack.x.shape[0], 0);
  const count = (n: number, one: string) => `${n.toLocaleString('en-US')} ${one}${n === 1 ? '' : 's'}`;
  const divided = unit === 1 ? '' : `, divided by ${unit}`;
  if (image === undefined)
    return `${count(m, 'example')} of ${count(x.shape[1], 'number')}${divided}${asSaid(axes, 'm', 'md')}`;
  const { height, width, channels } = image;
  const kinds = new Set(stacks.map((stack) => JSON.stringify([stack.image, stack.unit, stack.axes]))).size;
  if (kinds > 1) return `${count(m, 'image')} of ${kinds} sizes or kinds`;
  const colours = channels === 1 ? 'gray' : channels === 3 ? 'colour' : `${channels} channels`;
  return `${count(m, 'image')} of ${height}×${width}, ${colours}${divided}${asSaid(axes, 'mhw', 'mhwc')}`;
}

/** The axes where they are not the usual ones. */
function asSaid(axes: string | undefined, ...usual: string[]): string {
  return axes === undefined || usual.includes(axes) ? '' : `, axes ${axes}`;
}
