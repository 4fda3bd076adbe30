import { type AnyNumbers, matrix } from '../../array/matrix.ts';
import { elementsOf } from '../../array/numbers.ts';
import { InputError, show } from '../../errors.ts';
import type { ImageShape } from '../examples.ts';

// What the axes of an array are, a letter each: m examples, h rows and w columns of an image, c channels, d numbers.

const sets = ['m', 'dm', 'hw', 'hmw', 'chw', 'chmw'];
const ALLOWED = '(m), (m, d), (m, height, width), (m, height, width, 1 or 3)';

/** An array as examples: an example for each index of m, its coordinates in the order d, or h, w, c. */
export interface ExampleShape {
  /** How many examples. */
  readonly rows: number;
  readonly columns: number;
  readonly image?: ImageShape | undefined;
  /** The axes as they stand in the file. */
  readonly axes: string;
}

/** What an order of axes may be. */
export const AXES =
  'it must name each axis of an array by a letter: m examples, h rows, w columns, c channels, d numbers';

/** Whether the letters are those of some array, each once. */
export function isAxes(axes: unknown): axes is string {
  return typeof axes === 'string' && sets.includes([...axes].sort().join(''));
}

const elongation = (a: number, b: number) => Math.max(a, b) / Math.max(1, Math.min(a, b));
const isChannels = (extent: number) => extent === 1 || extent === 3;

/**
 * The orders that a shape may be in, the usual one first. Three axes are images in a row, unless those that the first two
 * make are no longer than those that the last two make; four are told by the one that has 1 or 3 channels.
 */
export function ordersOf(shape: readonly number[]): string[] {
  const [a, b, c] = shape;
  if (shape.length === 3) {
    const isPile = Math.min(a, b) > 1 && elongation(a, b) <= elongation(b, c);
    return isPile ? ['mhw', 'hwm'] : ['mhw'];
  }
  if (shape.length === 4) return ['mhwc', 'mchw', 'hwcm'].filter((order) => isChannels(shape[order.indexOf('c')]));
  return shape.length === 2 ? ['md'] : shape.length === 1 ? ['m'] : [];
}

/**
 * What the axes of arrays that belong together are: `asked`, else what their shapes tell. `known`, of data that were read
 * before, is taken where it fits. Throws InputError where a shape may be read in two ways, and on other ranks.
 */
export function axesOf(
  shapes: readonly (readonly number[])[],
  what: string,
  { asked, known }: { readonly asked?: string; readonly known?: string } = {},
): string {
  const [shape] = shapes;
  const is = `${what}: its shape is (${shape.join(', ')})`;
  if (asked !== undefined) {
    if (!isAxes(asked)) throw new InputError(`axes is ${show(asked)}: ${AXES}, such as mhw, hwm, mchw, dm or hw`);
    if (fits(asked, shape)) return asked;
    throw new InputError(`${is}, and axes is ${asked}: name ${shape.length} axes, channels where there are 1 or 3`);
  }
  if (known !== undefined && fits(known, shape)) return known;
  // One file of several may be told by its length.
  const full = shapes.filter((each) => !each.includes(0));
  const sure = full.map(ordersOf).find((orders) => orders.length === 1);
  const orders = sure ?? ordersOf(full[0] ?? shape);
  if (orders.length > 1) {
    const ways = orders.map((order) => `${inWords(order, shape)} (--axes ${order})`).join(', or ');
    throw new InputError(`${is}, which may be ${ways}: say which with --axes`);
  }
  const [order] = orders;
  if (order === undefined)
    throw new InputError(`${is}: allowed are ${ALLOWED}, an example a row; x.reshape(len(x), -1) makes it (m, d)`);
  if (order === 'mhwc' || shape.length < 4) return order;
  const places = [...'mhwc'].map((letter) => order.indexOf(letter));
  throw new InputError(
    `${is}, which looks like ${inWords(order, shape)}: say so with --axes ${order}, or write numpy.transpose(x, (${places.join(', ')}))`,
  );
}

/** Whether the letters can be those of the shape. */
function fits(axes: string, shape: readonly number[]): boolean {
  return axes.length === shape.length && (!axes.includes('c') || isChannels(shape[axes.indexOf('c')]));
}

function inWords(axes: string, shape: readonly number[]): string {
  const { rows, image } = shaped(axes, shape);
  const { height, width, channels } = image as ImageShape;
  return `${rows} images of ${height}×${width}${channels === 3 ? ' in colour' : ''}`;
}

/** What a shape is with these axes. */
export function shaped(axes: string, shape: readonly number[]): ExampleShape {
  const at = (letter: string) => (axes.includes(letter) ? shape[axes.indexOf(letter)] : 1);
  const columns = at('d') * at('h') * at('w') * at('c');
  const image = axes.includes('h') ? { height: at('h'), width: at('w'), channels: at('c') } : undefined;
  return { rows: at('m'), columns, ...(image ? { image } : {}), axes };
}

/** Whether the examples stand one after the other, each in the order of its coordinates. */
export function isInOrder(axes: string): boolean {
  return inUse(axes).join('') === axes;
}

/** The letters of the axes in the order of examples in a row. */
function inUse(axes: string): string[] {
  return [...'mdhwc'].filter((letter) => axes.includes(letter));
}

/** The array as a row-major (rows, columns) matrix: as it stands, or copied in the order of `shaped`. */
export function inOrder(data: AnyNumbers, shape: readonly number[], axes: string) {
  const { rows, columns } = shaped(axes, shape);
  if (isInOrder(axes)) return matrix(data, rows, columns);
  const places = inUse(axes).map((letter) => axes.indexOf(letter));
  return matrix(transposed(data, shape, places), rows, columns);
}

/** A copy of a row-major array, row-major again: its axis i is the array's `places[i]`. [numpy.transpose] */
export function transposed<D extends AnyNumbers>(data: D, shape: readonly number[], places: readonly number[]): D {
  const copy = data.slice() as D;
  const [out, from] = [elementsOf(copy), elementsOf(data)];
  const strideOf = (axis: number) => shape.slice(axis + 1).reduce((product, extent) => product * extent, 1);
  const strides = places.map(strideOf);
  const extents = places.map((axis) => shape[axis]);
  const index = places.map(() => 0);
  for (let q = 0, p = 0; q < out.length; q++) {
    out[q] = from[p];
    // The next index in row-major order, the last axis fastest; p follows it.
    for (let axis = extents.length - 1; axis >= 0; axis--) {
      p += strides[axis];
      if (++index[axis] < extents[axis]) break;
      p -= strides[axis] * extents[axis];
      index[axis] = 0;
    }
  }
  return copy;
}
