import { type AnyNumbers, type Precision, rowRange, toFlat, type View } from '../array/matrix.ts';
import { rowChunks } from './row-chunks.ts';

/** The mean of some rows, and whether they differ. */
export interface MeanRow {
  /** ȳ = (1/m) Σₖ yₖ, (d). */
  readonly mean: Float64Array;
  /** Whether any two rows differ: asked of the values, as the rounded mean of equal ones may differ from them. */
  readonly varies: boolean;
}

/** The mean row of y (m, d), its values as the precision holds them. Row by row: the bits do not depend on the chunks. */
export function meanRow(y: View<AnyNumbers>, precision: Precision): MeanRow {
  const [m, d] = y.shape;
  const mean = new Float64Array(d);
  let first: Float64Array | null = null;
  let varies = false;
  for (const rows of rowChunks(y, precision)) {
    const { data, shape, stride, offset } = rows;
    first ??= toFlat(rowRange(rows, 0, 1), new Float64Array(d));
    for (let k = 0; k < shape[0]; k++) {
      let p = offset + k * stride[0];
      for (let i = 0; i < d; i++, p += stride[1]) {
        mean[i] += data[p] / m;
        varies ||= data[p] !== first[i];
      }
    }
  }
  return { mean, varies };
}
