import { type Matrix, matrix, matrixView, type Numbers, transposed, type View } from '../../src/array/matrix.ts';
import { fillUniform, stream } from '../../src/array/random.ts';
import type { Kernels } from '../../src/kernels/kernels.ts';

export type Shape = readonly [m: number, n: number, k: number];
export type Product = 'A·B' | 'AᵀB' | 'ABᵀ';

/** A factor as it is stored, row-major: (rows, columns) of the storage, transposed in the product or not. */
export interface Factor {
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly transpose: boolean;
}

export interface Operands {
  /** A (m, k) and B (k, n), row-major. */
  readonly plain: { readonly a: Float32Array; readonly b: Float32Array };
  readonly a: Factor;
  readonly b: Factor;
}

/** The transpose of (rows, columns) row-major values. */
function transposedCopy(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j];
  return out;
}

/** A (m, k) and B (k, n), drawn in float32 whatever is computed in, so that all subjects multiply the same numbers. */
export function operands([m, n, k]: Shape, product: Product): Operands {
  const draw = (length: number, counter: number) =>
    fillUniform(new Float32Array(length), { seed: 1, stream: stream.testing, counter }, -1, 1);
  const factor = (values: Float32Array, rows: number, columns: number, transpose: boolean): Factor =>
    transpose
      ? { values: transposedCopy(values, rows, columns), rows: columns, columns: rows, transpose }
      : { values, rows, columns, transpose };
  const [a, b] = [draw(m * k, 1), draw(k * n, 2)];
  return { plain: { a, b }, a: factor(a, m, k, product === 'AᵀB'), b: factor(b, k, n, product === 'ABᵀ') };
}

/** The factor in the kernels' own storage, seen as the product needs it: a transpose is a stride view. */
export function view(kernels: Kernels, { values, rows, columns, transpose }: Factor): View {
  const stored = matrixView(kernels.allocate(values.length), rows, columns);
  kernels.write(stored, values);
  return transpose ? transposed(stored) : stored;
}

/** The factor over plain arrays of the constructor's type. */
export function plainView(storage: Numbers, { values, rows, columns, transpose }: Factor): Matrix {
  storage.set(values);
  const stored = matrix(storage, rows, columns);
  return transpose ? stored.transpose(1, 0) : stored;
}
