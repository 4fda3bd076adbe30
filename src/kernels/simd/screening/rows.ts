import type { View } from '../../cpu-view.ts';
import type { ScreenedProduct } from '../../screening.ts';
import { columnStep, rowStep } from '../operands.ts';

/** A product over memory of kernels on a CPU. */
export type Product = { readonly [K in keyof ScreenedProduct]: View };
/** Columns of pairs, or how many of them count. */
export type Indices = View<Uint32Array>;

/** Products of few rows are not worth it; of very many, lists of candidates would take hundreds of megabytes. */
const LEAST_ROWS = 48;
const MOST_ROWS = 2 ** 14;
/** Rows of a product that are looked at to see how many units are on. */
const LOOKED_AT = 4;

/** Whether sizes and layout let a product be screened. */
export function worth({ x, weight, bias }: Product): boolean {
  const [m] = x.shape;
  const fits = m >= LEAST_ROWS && m <= MOST_ROWS;
  return fits && columnStep(x) === 1 && rowStep(weight) === 1 && columnStep(bias) === 1;
}

/** The share of z above θ, and not 0, in some rows. */
export function shareAbove(z: View, theta: View): number {
  const [m, units] = z.shape;
  const rows = Math.min(m, LOOKED_AT);
  let above = 0;
  for (let r = 0; r < rows; r++) {
    const row = z.offset + Math.floor((r * m) / rows) * z.stride[0];
    for (let j = 0; j < units; j++) {
      const value = z.data[row + j];
      if (value !== 0 && value > theta.data[theta.offset + j]) above++;
    }
  }
  return above / (rows * units);
}

/** Row i of a matrix, as a matrix. */
export function rowOf<V extends View | Indices>(view: V, i: number): V {
  return { ...view, shape: [1, view.shape[1]], offset: view.offset + i * view.stride[0] };
}

/** The transpose: the same storage. */
export function turned({ data, shape, stride, offset }: View): View {
  return { data, shape: [shape[1], shape[0]], stride: [stride[1], stride[0]], offset };
}

/** a at the pairs. */
export function scatter(a: View, values: View, indices: Indices): void {
  const [m, k] = values.shape;
  for (let i = 0; i < m; i++) {
    const row = a.offset + i * a.stride[0];
    const from = values.offset + i * values.stride[0];
    const at = indices.offset + i * indices.stride[0];
    for (let t = 0; t < k; t++) a.data[row + indices.data[at + t]] = values.data[from + t];
  }
}
