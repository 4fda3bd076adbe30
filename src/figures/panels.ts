import { assertList, assertObject } from '../array/argument-check.ts';
import { InputError } from '../errors.ts';
import { requireWhole } from './picture.ts';
import { colours, darkStyle, FIGURE_CLASS } from './theme.ts';

const GAP = 8;

/**
 * Standalone SVGs of this folder side by side in one, from left to right and then downwards, each in its own size, the
 * columns as wide and the rows as high as their largest. Throws an InputError if there are none, or a string is not such
 * an SVG.
 */
export function panels(figures: readonly string[], options: { readonly columns: number }): string {
  assertList(figures, 'figures', 'SVGs that functions of rhohat/figures return');
  assertObject(options, 'options', '{ columns: 2 }');
  const { columns } = options;
  requireWhole('columns', columns, 1);
  if (figures.length === 0) throw new InputError('there are no figures: give one or more');
  const sizes = figures.map(sizeOf);
  const across = Math.min(columns, figures.length);
  const widths = Array.from({ length: across }, (_, j) =>
    Math.max(...sizes.filter((_, i) => i % across === j).map(({ width }) => width)),
  );
  const heights = Array.from({ length: Math.ceil(figures.length / across) }, (_, r) =>
    Math.max(...sizes.slice(r * across, (r + 1) * across).map(({ height }) => height)),
  );
  const width = sum(widths) + GAP * (widths.length - 1);
  const height = sum(heights) + GAP * (heights.length - 1);
  const placed = figures.map((figure, i) => {
    const column = i % across;
    const row = Math.floor(i / across);
    const x = sum(widths.slice(0, column)) + GAP * column;
    const y = sum(heights.slice(0, row)) + GAP * row;
    return figure.replace('<svg ', `<svg x="${x}" y="${y}" `);
  });
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const background = `<style>${darkStyle()}</style><rect width="100%" height="100%" fill="${colours.ground}"></rect>`;
  const named = `class="${FIGURE_CLASS}" role="img"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${named} ${size}>${background}${placed.join('')}</svg>`;
}

function sizeOf(figure: string, i: number): { width: number; height: number } {
  const tag = figure.match(/^<svg [^>]*>/)?.[0] ?? '';
  const [width, height] = ['width', 'height'].map((name) => Number(tag.match(new RegExp(` ${name}="([\\d.]+)"`))?.[1]));
  if (width > 0 && height > 0) return { width, height };
  throw new InputError(
    `figure ${i} is no SVG with a width and a height: give what a function of rhohat/figures returns`,
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
