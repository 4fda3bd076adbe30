import { type AnyNumbers, type Numbers, type Precision, rowRange, toFlat, type View, zeros } from '../array/matrix.ts';
import { rowChunks } from './row-chunks.ts';

/** The mean of some rows, and whether they differ. */
export interface MeanRow {
  /** ȳ = (1/m) Σₖ yₖ, (d). */
  readonly mean: Float64Array;
  /** Whether any two rows differ: asked of the values, as the rounded mean of equal ones may differ from them. */
  readonly varies: boolean;
}

/** Bytes with a unit: their 256 values are divided once. Null for others. */
function bytesOf({ data, unit }: View<AnyNumbers>, precision: Precision) {
  if (!(data instanceof Uint8Array) || unit === undefined) return null;
  const values = zeros(256, precision);
  for (let b = 0; b < 256; b++) values[b] = b / unit;
  return { data, values };
}

/** The mean row of y (m, d), its values as the precision holds them. Row by row: the bits do not depend on the chunks. */
export function meanRow(y: View<AnyNumbers>, precision: Precision): MeanRow {
  const [m, d] = y.shape;
  const mean = new Float64Array(d);
  const bytes = bytesOf(y, precision);
  if (bytes !== null) return { mean, varies: addBytes(mean, y, bytes) };
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

/** mean += the mean row, in the same order. @returns whether two rows differ. */
function addBytes(
  mean: Float64Array,
  { shape: [m, d], stride: [down, along], offset }: View<AnyNumbers>,
  { data, values }: { readonly data: Uint8Array; readonly values: Numbers },
): boolean {
  const shares = Float64Array.from(values, (value) => value / m);
  let varies = false;
  for (let k = 0; k < m; k++) {
    for (let i = 0, p = offset + k * down, first = offset; i < d; i++, p += along, first += along) {
      mean[i] += shares[data[p]];
      varies ||= values[data[p]] !== values[data[first]];
    }
  }
  return varies;
}
