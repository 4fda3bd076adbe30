import type { AnyNumbers, Numbers, View } from '../../array/matrix.ts';
import { numberAt } from '../../array/numbers.ts';
import { InputError } from '../../errors.ts';

/**
 * Local contrast normalisation: each example less its own mean, over its own standard deviation, damped by ε. Nothing
 * is learnt from the training data.
 */
export interface Contrast {
  /** Of the step. */
  readonly kind: 'contrast';
  /**
   * ε > 0, added to an example's variance, in squared units of x: keeps noise in flat examples down. The published 10 is
   * for grey levels 0 … 255; for data in [0, 1] it is 10/255² ≈ 1.5e-4.
   */
  readonly epsilon: number;
}

/** Throws InputError on an ε that would blow flat examples up. */
export function fitContrast({ epsilon }: Contrast, x: View<AnyNumbers>): Contrast {
  if (!(epsilon > 0 && epsilon < Infinity)) {
    throw new InputError(
      `contrast: epsilon is ${epsilon}: it must be a finite number above 0, such as 1.5e-4 for data in [0, 1]`,
    );
  }
  if (x.shape[1] < 2) {
    throw new InputError('contrast: the examples have 1 column: a contrast needs at least 2; use standardize instead');
  }
  return { kind: 'contrast', epsilon };
}

/**
 * out ← (x − mean)/√(var + ε), row by row; var has d − 1 in the denominator, as MATLAB's in the published code.
 * out: (m, d) row-major. A constant row becomes 0.
 * [Coates, Lee & Ng, "An analysis of single-layer networks in unsupervised feature learning", AISTATS 2011, §3.1.1]
 */
export function applyContrast({ epsilon }: Contrast, x: View<AnyNumbers>, out: Numbers): void {
  const [m, d] = x.shape;
  const { unit = 1 } = x;
  const row = new Float64Array(d);
  for (let i = 0, q = 0; i < m; i++) {
    const begin = x.offset + i * x.stride[0];
    let sum = 0;
    for (let j = 0; j < d; j++) sum += row[j] = numberAt(x.data, begin + j * x.stride[1]) / unit;
    const mean = sum / d;
    let squares = 0;
    for (let j = 0; j < d; j++) squares += (row[j] - mean) ** 2;
    const scale = 1 / Math.sqrt(squares / (d - 1) + epsilon);
    for (let j = 0; j < d; j++) out[q++] = (row[j] - mean) * scale;
  }
}
