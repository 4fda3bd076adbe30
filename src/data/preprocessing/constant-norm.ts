import type { AnyNumbers, Numbers, View } from '../../array/matrix.ts';
import { lengthOf, takeRow } from './row-length.ts';

/** Each example to the length √d. Nothing is learnt from the training data. */
export interface ConstantNorm {
  /** Of the step. */
  readonly kind: 'constant-norm';
}

/** out ← x·√d/‖x‖, row by row. out: (m, d) row-major. A row of zeros stays 0. [`constant_norm_rescale` of SAELens] */
export function applyConstantNorm(x: View<AnyNumbers>, out: Numbers): void {
  const [m, d] = x.shape;
  const row = new Float64Array(d);
  for (let i = 0, q = 0; i < m; i++) {
    takeRow(x, i, row);
    const length = lengthOf(row);
    for (let j = 0; j < d; j++) out[q++] = length === 0 ? 0 : (row[j] / length) * Math.sqrt(d);
  }
}
