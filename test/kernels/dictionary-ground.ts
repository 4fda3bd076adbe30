import ndarray, { type NdArray } from 'ndarray';
import * as assert from 'uvu/assert';
import type { Matrix, Numbers, Precision, Vector } from '../../src/array/matrix.ts';
import { createKernels } from '../../src/kernels/create.ts';
import type { CpuKernels } from '../../src/kernels/kernels.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { assertGuard, GUARD, type LayoutName, layouts, place, placeVector, uniforms } from '../support/views.ts';

/** What indices and lengths outside of their views hold. */
const MARK = 0xffff_fff0;

/** Kernels, and views in their storage: those written to lie in `out`, the others in `other`. */
export interface Ground {
  readonly k: CpuKernels;
  readonly precision: Precision;
  /** Of one rounding, relative. */
  readonly roundoff: number;
  /** To be written. */
  out(rows: number, columns: number, values: (i: number, j: number) => number): Matrix;
  /** To be read. */
  given(rows: number, columns: number, values: (i: number, j: number) => number): Matrix;
  vector(length: number, values: (j: number) => number): Vector;
  doubles(length: number, values: (j: number) => number): Vector<Float64Array>;
  indices(rows: number, columns: number, values?: (i: number, j: number) => number): NdArray<Uint32Array>;
  lengths(rows: number, values?: (i: number) => number): NdArray<Uint32Array>;
  /** Slots that hold 1, 4, 9; what they hold after `use`. */
  results(use: (results: ReturnType<CpuKernels['allocateResults']>) => void): Promise<number[]>;
}

/** Shapes that break loops, and one that is no multiple of a vector. */
export const shapes = [
  [0, 3],
  [1, 1],
  [1, 7],
  [7, 1],
  [3, 6],
  [7, 65],
] as const;

const kinds: [CpuKernels, Precision][] = [
  [createReferenceKernels('float64'), 'float64'],
  [createReferenceKernels('float32'), 'float32'],
  [createKernels('float32'), 'float32'],
];

function groundOf(kernels: CpuKernels, precision: Precision, out: LayoutName, other: LayoutName): Ground & Guarded {
  const storage = kernels.fork();
  const guarded: (Matrix | Vector)[] = [];
  const counted: NdArray<Uint32Array>[] = [];
  const keep = <T extends Matrix | Vector>({ data, shape, stride, offset }: T): T => {
    const block = storage.allocate(data.length);
    block.set(data);
    const view = ndarray(block, shape, stride, offset) as T;
    guarded.push(view);
    return view;
  };
  const whole = (view: NdArray<Uint32Array>) => {
    counted.push(view);
    return view;
  };
  return {
    k: kernels,
    precision,
    roundoff: precision === 'float32' ? 2 ** -24 : 2 ** -53,
    out: (rows, columns, values) => keep(place(rows, columns, out, precision, values)),
    given: (rows, columns, values) => keep(place(rows, columns, other, precision, values)),
    vector: (length, values) =>
      keep(placeVector(length, other === 'transposed' ? 'strided' : other, precision, values)),
    doubles(length, values) {
      const view = ndarray(storage.allocateDoubles(2 * length + 3).fill(GUARD), [length], [2], 1);
      for (let j = 0; j < length; j++) view.set(j, values(j));
      guarded.push(view as Vector);
      return view;
    },
    indices(rows, columns, values = () => MARK) {
      const block = storage.allocateIndices(rows * (columns + 2) + 3).fill(MARK);
      const view = ndarray(block, [rows, columns], [columns + 2, 1], 2);
      for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) view.set(i, j, values(i, j));
      return whole(view);
    },
    lengths(rows, values = () => MARK) {
      const view = ndarray(storage.allocateIndices(2 * rows + 1).fill(MARK), [rows], [2], 1);
      for (let i = 0; i < rows; i++) view.set(i, values(i));
      return whole(view);
    },
    async results(use) {
      const results = kernels.allocateResults(3);
      for (let slot = 0; slot < 3; slot++) {
        const x = keep(placeVector(1, 'rows', precision, () => slot + 1));
        kernels.dot(results, slot, x, x);
      }
      use(results);
      return [...(await kernels.read(results))];
    },
    end() {
      for (const view of guarded) assertGuard(view);
      for (const { data, shape, stride, offset } of counted) {
        const inside = new Set<number>();
        for (let i = 0; i < shape[0]; i++) {
          for (let j = 0; j < (shape[1] ?? 1); j++) inside.add(offset + i * stride[0] + j * (stride[1] ?? 0));
        }
        assert.ok(
          data.every((value, p) => inside.has(p) || value === MARK),
          'storage outside of indices was written',
        );
      }
      storage.dispose();
    },
  };
}

interface Guarded {
  end(): void;
}

/** Runs `body` on every kind of kernels, shape and layout; fails where storage outside of a view was written. */
export async function eachGround(
  body: (ground: Ground, rows: number, columns: number) => void | Promise<void>,
): Promise<void> {
  for (const [kernels, precision] of kinds) {
    for (const [rows, columns] of shapes) {
      for (const [i, out] of layouts.entries()) {
        for (const turn of [0, 2]) {
          const ground = groundOf(kernels, precision, out, layouts[(i + turn) % layouts.length]);
          await body(ground, rows, columns);
          ground.end();
        }
      }
    }
  }
}

/** Runs `body` on every kind of kernels, once. */
export async function eachKind(body: (ground: Ground) => void | Promise<void>): Promise<void> {
  for (const [kernels, precision] of kinds) {
    for (const other of ['rows', 'strided'] as const) {
      const ground = groundOf(kernels, precision, 'strided', other);
      await body(ground);
      ground.end();
    }
  }
}

/** f(i, j) by chance from [−1, 1). */
export function drawn(rows: number, columns: number, seed: number): (i: number, j: number) => number {
  const values = uniforms(rows * columns, seed);
  return (i, j) => values[i * columns + j];
}

/** The rows of a view, as numbers. */
export function rowsOf(view: Matrix<Numbers> | NdArray<Uint32Array>): number[][] {
  const [rows, columns] = view.shape;
  return Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_value, j) => view.get(i, j)));
}

/** The numbers of a vector. */
export function listOf(view: Vector | Vector<Float64Array> | NdArray<Uint32Array>): number[] {
  return Array.from({ length: view.shape[0] }, (_, j) => view.get(j));
}

/** Σ. */
export const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
