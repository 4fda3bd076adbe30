import ndarray from 'ndarray';
import * as assert from 'uvu/assert';
import { type Matrix, zeros } from '../../../src/array/matrix.ts';
import { getMachine, type Machine, SCRATCH_BYTES } from '../../../src/kernels/simd/machine.ts';
import { createSimdKernels } from '../../../src/kernels/simd/simd.ts';
import { GUARD, uniforms } from '../../support/views.ts';

/** The machine of the process; tests of SIMD kernels fail where there is none. */
function theMachine(): Machine {
  const found = getMachine();
  if (found === null) throw new Error('no WebAssembly SIMD with shared memory');
  return found;
}

export const machine = theMachine();
export const simd = createSimdKernels(machine);

/** As if threads took chunks of units in any order: chunks of 1 to 7 units, shuffled, with rubbish in scratch. */
const shuffling: Machine = Object.create(machine, {
  run: {
    value(kernel: string, _threads: number, units: number, _grain: number, ...args: number[]) {
      const draws = uniforms(2 * units + 1, units, 0, 1);
      const chunks: { begin: number; end: number; draw: number }[] = [];
      for (let begin = 0; begin < units; ) {
        const end = Math.min(units, begin + 1 + Math.floor(7 * draws[begin]));
        chunks.push({ begin, end, draw: draws[units + begin] });
        begin = end;
      }
      for (const { begin, end } of chunks.sort((p, q) => p.draw - q.draw)) {
        new Uint8Array(machine.heap.memory.buffer, machine.scratch, SCRATCH_BYTES).fill(0xa5);
        machine.kernels[kernel](...args, begin, end, machine.scratch);
      }
    },
  },
});
export const shuffled = createSimdKernels(shuffling);

type Strides = (rows: number, columns: number) => readonly [number, number];

/** Unit column strides first, then none: every sign and order. */
export const heapLayouts: Readonly<Record<string, Strides>> = {
  rows: (_, columns) => [columns, 1],
  gaps: (_, columns) => [columns + 3, 1],
  flipped: (_, columns) => [-columns - 1, 1],
  transposed: (rows) => [1, rows + 2],
  strided: (_, columns) => [2 * columns + 3, 2],
  reversed: (_, columns) => [-columns - 2, -1],
  transposedReversed: (rows) => [-1, -rows - 1],
};
export type HeapLayout = keyof typeof heapLayouts;

/** Offset and length of storage that holds the view with a few numbers on either side. */
function extent(shape: readonly number[], stride: readonly number[]) {
  const ends = shape.map((n, axis) => Math.max(0, n - 1) * stride[axis]);
  const below = ends.reduce((sum, end) => sum + Math.min(0, end), 0);
  const above = ends.reduce((sum, end) => sum + Math.max(0, end), 0);
  return { offset: 5 - below, length: above - below + 11 };
}

/** A view in memory that the SIMD kernels reach, guards around it. */
export function heapView(
  rows: number,
  columns: number,
  layout: HeapLayout,
  values: (i: number, j: number) => number,
): Matrix {
  const stride = [...heapLayouts[layout](rows, columns)];
  const { offset, length } = extent([rows, columns], stride);
  const view = ndarray(simd.allocate(length).fill(GUARD), [rows, columns], stride, offset);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) view.set(i, j, values(i, j));
  return view;
}

export function randomHeapView(rows: number, columns: number, layout: HeapLayout, seed: number): Matrix {
  const values = uniforms(rows * columns, seed);
  return heapView(rows, columns, layout, (i, j) => values[i * columns + j]);
}

/** What storage of indices holds outside of the view. */
export const INDEX_GUARD = 0xffff_fff0;

/** Indices (m, k), column stride 1, `gap` numbers after each row; a negative gap turns the rows around. */
export function heapIndices(m: number, k: number, gap: number, columnOf: (i: number, t: number) => number) {
  const stride = [gap < 0 ? gap - k : gap + k, 1];
  const { offset, length } = extent([m, k], stride);
  const view = ndarray(simd.allocateIndices(length).fill(INDEX_GUARD), [m, k], stride, offset);
  for (let i = 0; i < m; i++) for (let t = 0; t < k; t++) view.set(i, t, columnOf(i, t));
  return view;
}
export type Indices = ReturnType<typeof heapIndices>;

/** Lengths (m) with numbers between them that are none; a negative step turns them around. */
export function heapLengths(m: number, step: number, lengthOf: (i: number) => number) {
  const { offset, length } = extent([m], [step]);
  const view = ndarray(simd.allocateIndices(length).fill(INDEX_GUARD), [m], [step], offset);
  for (let i = 0; i < m; i++) view.set(i, lengthOf(i));
  return view;
}
export type Lengths = ReturnType<typeof heapLengths>;

/** A float64 copy of f of every element, for the reference kernels. */
export function widened(view: Matrix, f: (value: number) => number = (value) => value): Matrix {
  const [rows, columns] = view.shape;
  const copy = ndarray(zeros(rows * columns, 'float64'), [rows, columns]);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) copy.set(i, j, f(view.get(i, j)));
  return copy;
}

/** Row-major bits of the elements. */
export function bitsOf(view: Matrix): Uint32Array {
  return new Uint32Array(Float32Array.from(widened(view).data).buffer);
}

export function assertSameBits(view: Matrix, expected: Uint32Array, what: string): void {
  const found = bitsOf(view);
  const at = found.findIndex((value, p) => value !== expected[p]);
  assert.is(at, -1, `${what}: other bits at ${at}`);
}
