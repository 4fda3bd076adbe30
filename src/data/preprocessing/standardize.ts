import { type AnyNumbers, type Numbers, type Vector, type View, vector } from '../../array/matrix.ts';
import { numberAt } from '../../array/numbers.ts';
import { InputError } from '../../errors.ts';

/** Each column less its mean, over its standard deviation. mean, deviation: (d). */
export interface Standardize {
  /** Of the step. */
  readonly kind: 'standardize';
  /** Of each column, (d). */
  readonly mean: Vector<Float64Array>;
  /** Of each column, (d), with m in the denominator; 1 where a column is constant. */
  readonly deviation: Vector<Float64Array>;
}

/** The means of the columns of x, (d). */
export function columnMeans(x: View<AnyNumbers>): Float64Array {
  const [m, d] = x.shape;
  const { unit = 1 } = x;
  const mean = new Float64Array(d);
  for (let i = 0; i < m; i++) {
    const p = x.offset + i * x.stride[0];
    for (let j = 0; j < d; j++) mean[j] += numberAt(x.data, p + j * x.stride[1]) / unit;
  }
  return mean.map((sum) => sum / m);
}

/**
 * Means and standard deviations (m in the denominator) of the columns of x: (m, d). A constant column gets its value
 * and the deviation 1, so it becomes exactly 0. Throws InputError where a deviation overflows.
 */
export function fitStandardize(x: View<AnyNumbers>): Standardize {
  const [m, d] = x.shape;
  const { unit = 1 } = x;
  const mean = columnMeans(x);
  const deviation = new Float64Array(d);
  for (let j = 0; j < d; j++) {
    const first = numberAt(x.data, x.offset + j * x.stride[1]) / unit;
    let isConstant = true;
    for (let i = 0; i < m; i++) {
      const value = numberAt(x.data, x.offset + i * x.stride[0] + j * x.stride[1]) / unit;
      if (value !== first) isConstant = false;
      deviation[j] += (value - mean[j]) ** 2;
    }
    // Rounding leaves a constant column's mean a hair off its value; dividing by that hair would blow it up.
    if (isConstant) mean[j] = first;
    deviation[j] = isConstant ? 1 : Math.sqrt(deviation[j] / m);
    if (!(deviation[j] > 0 && deviation[j] < Infinity)) {
      throw new InputError(
        `standardize: column ${j} has the standard deviation ${deviation[j]}: scale the data to moderate size`,
      );
    }
  }
  return { kind: 'standardize', mean: vector(mean), deviation: vector(deviation) };
}

/** out ← (x − mean)/deviation, column by column. out: (m, d) row-major. */
export function applyStandardize({ mean, deviation }: Standardize, x: View<AnyNumbers>, out: Numbers): void {
  const [m, d] = x.shape;
  const { unit = 1 } = x;
  for (let i = 0, q = 0; i < m; i++) {
    const p = x.offset + i * x.stride[0];
    for (let j = 0; j < d; j++)
      out[q++] = (numberAt(x.data, p + j * x.stride[1]) / unit - mean.get(j)) / deviation.get(j);
  }
}
