import type { AnyNumbers, Numbers, View } from '../../array/matrix.ts';
import { numberAt } from '../../array/numbers.ts';
import { InputError } from '../../errors.ts';

/** The patch normalisation of CS294A, fitted: three standard deviations of all entries. */
export interface Cs294a {
  /** Of the step. */
  readonly kind: 'cs294a';
  /** Three standard deviations: entries are cut at ±limit, then mapped to [0.1, 0.9]. */
  readonly limit: number;
}

/** Writes row i less its own mean into `out`. */
function centreRow(x: View<AnyNumbers>, i: number, out: Float64Array): void {
  const { unit = 1 } = x;
  const begin = x.offset + i * x.stride[0];
  let sum = 0;
  for (let j = 0; j < out.length; j++) sum += out[j] = numberAt(x.data, begin + j * x.stride[1]) / unit;
  const mean = sum / out.length;
  for (let j = 0; j < out.length; j++) out[j] -= mean;
}

/**
 * limit = 3·std of all entries of x after each row's mean is taken off, n − 1 in the denominator, as MATLAB's std.
 * x: (m, d). Throws InputError when that is 0 or overflows.
 * [Ng, CS294A lecture notes and exercise "Sparse autoencoder", sampleIMAGES.m, normalizeData]
 */
export function fitCs294a(x: View<AnyNumbers>): Cs294a {
  const [m, d] = x.shape;
  const row = new Float64Array(d);
  let sum = 0;
  for (let i = 0; i < m; i++) {
    centreRow(x, i, row);
    for (let j = 0; j < d; j++) sum += row[j];
  }
  const mean = sum / (m * d);
  let squares = 0;
  for (let i = 0; i < m; i++) {
    centreRow(x, i, row);
    for (let j = 0; j < d; j++) squares += (row[j] - mean) ** 2;
  }
  const limit = 3 * Math.sqrt(squares / (m * d - 1));
  if (!(limit > 0 && limit < Infinity)) {
    throw new InputError(
      `cs294a: three standard deviations are ${limit}: give examples whose entries differ, of moderate size`,
    );
  }
  return { kind: 'cs294a', limit };
}

/** out ← (clip(x − mean of its row, ±limit)/limit + 1)·0.4 + 0.1, in [0.1, 0.9]. out: (m, d) row-major. */
export function applyCs294a({ limit }: Cs294a, x: View<AnyNumbers>, out: Numbers): void {
  const [m, d] = x.shape;
  const row = new Float64Array(d);
  for (let i = 0, q = 0; i < m; i++) {
    centreRow(x, i, row);
    for (let j = 0; j < d; j++) out[q++] = (Math.max(-limit, Math.min(limit, row[j])) / limit + 1) * 0.4 + 0.1;
  }
}
