import ndarray from 'ndarray';
import * as assert from 'uvu/assert';
import {
  type AnyNumbers,
  type Matrix,
  type Numbers,
  type Precision,
  type Vector,
  type View,
  zeros,
} from '../../src/array/matrix.ts';
import { fillUniform, stream } from '../../src/array/random.ts';

/** How a matrix lies in storage; all but the first leave gaps around the elements. */
export const layouts = ['rows', 'transposed', 'offset', 'strided', 'reversed'] as const;
export type LayoutName = (typeof layouts)[number];
export const precisions = ['float64', 'float32'] as const;

/** What storage outside of a view holds: a kernel that writes there is caught by `assertGuard`. */
export const GUARD = -7777;

const strides: Record<LayoutName, (rows: number, columns: number) => { stride: number[]; offset: number }> = {
  rows: (_, columns) => ({ stride: [columns, 1], offset: 0 }),
  transposed: (rows) => ({ stride: [1, rows], offset: 0 }),
  offset: (_, columns) => ({ stride: [columns, 1], offset: 5 }),
  strided: (_, columns) => ({ stride: [2 * columns + 3, 2], offset: 3 }),
  reversed: (rows, columns) => ({ stride: [-(columns + 2), -1], offset: rows * (columns + 2) + 1 }),
};

/** A (rows, columns) view in the layout, filled with `values(i, j)`. */
export function place(
  rows: number,
  columns: number,
  layout: LayoutName,
  precision: Precision,
  values: (i: number, j: number) => number,
): Matrix {
  const { stride, offset } = strides[layout](rows, columns);
  const gaps = layout !== 'rows' && layout !== 'transposed';
  const storage = zeros(gaps ? (rows + 2) * (2 * columns + 5) + 8 : rows * columns, precision).fill(GUARD);
  const view = ndarray(storage, [rows, columns], stride, offset);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) view.set(i, j, values(i, j));
  return view;
}

/** A vector in the layout. */
export function placeVector(
  length: number,
  layout: LayoutName,
  precision: Precision,
  values: (i: number) => number,
): Vector {
  return place(1, length, layout, precision, (_, j) => values(j)).pick(0, null);
}

/** Fails if an element of the storage outside of the view has been written. */
export function assertGuard(view: Matrix | Vector): void {
  const rows = view.dimension === 2 ? view.shape[0] : 1;
  const inside = new Set<number>();
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < view.shape[view.dimension - 1]; j++) {
      inside.add(view.dimension === 2 ? view.index(i, j) : view.index(j));
    }
  }
  const outside = view.data.findIndex((value, p) => !inside.has(p) && value !== GUARD);
  assert.is(outside, -1, `storage outside of the view was written, at ${outside}`);
}

/** The view, known to lie over a typed array, as all views of the reference and the SIMD kernels do; fails over other blocks. */
export function overNumbers<D extends AnyNumbers = Numbers>(view: View): View<D> {
  assert.ok(ArrayBuffer.isView(view.data), 'the view lies over no typed array');
  return view as View<D>;
}

/** Numbers on [low, high), the same for the same seed. */
export function uniforms(length: number, seed: number, low = -1, high = 1): Float64Array {
  return fillUniform(new Float64Array(length), { seed, stream: stream.testing }, low, high);
}

/** A (rows, columns) view of uniforms. */
export function randomView(
  rows: number,
  columns: number,
  layout: LayoutName,
  precision: Precision,
  seed: number,
  low = -1,
  high = 1,
): Matrix {
  const values = uniforms(rows * columns, seed, low, high);
  return place(rows, columns, layout, precision, (i, j) => values[i * columns + j]);
}

/** f(i, j) for every element, row-major. */
export function table(rows: number, columns: number, f: (i: number, j: number) => number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[i * columns + j] = f(i, j);
  return out;
}

/** Shapes that break loops: empty, single, odd, wider than 64 columns. */
export const awkwardShapes: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, 3],
  [3, 0],
  [1, 1],
  [1, 7],
  [7, 1],
  [5, 3],
  [4, 63],
  [3, 129],
];

/** Runs `body` for every awkward shape, layout and precision; the first layout is out's, the second the operand's. */
export async function eachCase(
  body: (
    rows: number,
    columns: number,
    layout: LayoutName,
    other: LayoutName,
    precision: Precision,
  ) => void | Promise<void>,
): Promise<void> {
  for (const precision of precisions) {
    for (const [rows, columns] of awkwardShapes) {
      for (const layout of layouts) {
        for (const other of layouts) await body(rows, columns, layout, other, precision);
      }
    }
  }
}
