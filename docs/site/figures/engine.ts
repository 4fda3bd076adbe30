import { matrixView, type View, vectorView } from '../../../src/array/matrix.ts';
import type { Activation } from '../../../src/kernels/activations/activation.ts';
import { createReferenceKernels } from '../../../src/kernels/reference/reference.ts';

/** The kernels that the proof runs on: what a figure shows is what they compute. */
export const k = createReferenceKernels('float64');

export type Doubles = View<Float64Array>;

/** A matrix of nested rows. */
export function rows(values: readonly (readonly number[])[]): Doubles {
  return matrixView(Float64Array.from(values.flat()), values.length, values[0]?.length ?? 0);
}

/** A vector. */
export function vector(values: readonly number[]): Doubles {
  return vectorView(Float64Array.from(values));
}

/** Zeros, as a matrix. */
export function blank(m: number, n: number): Doubles {
  return matrixView(new Float64Array(m * n), m, n);
}

/** Zeros, as a matrix of column numbers. */
export function blankIndices(m: number, n: number): View<Uint32Array> {
  return matrixView(new Uint32Array(m * n), m, n);
}

/** A row of a matrix as plain numbers. */
export function rowOf({ data, shape }: Doubles, i = 0): number[] {
  return Array.from(data.subarray(i * shape[1], (i + 1) * shape[1]));
}

/** a·b. */
export function product(a: Doubles, b: Doubles): Doubles {
  const out = blank(a.shape[0], b.shape[1]);
  k.gemm(out, a, b, 1, 0);
  return out;
}

/** f of a number. */
export function activated(f: Activation, z: number): number {
  const out = blank(1, 1);
  k.activate(out, rows([[z]]), f);
  return out.data[0];
}

/** What a kernel puts into a results slot. */
export function slotOf(compute: (results: Float64Array) => void): number {
  const results = new Float64Array(1);
  compute(results);
  return results[0];
}
