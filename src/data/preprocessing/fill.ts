import { type AnyNumbers, type Numbers, type Vector, type View, vector } from '../../array/matrix.ts';
import { numberAt } from '../../array/numbers.ts';
import { median } from '../../array/quantile.ts';
import { InputError, show } from '../../errors.ts';

/** What a gap gets: the median or the mean of its column's other values, or 0. */
export const fillWays = ['median', 'mean', 'zero'] as const;

/** Gaps, which are NaN, filled column by column. */
export interface FillSpec {
  /** Of the step, which is the first. */
  readonly kind: 'fill';
  /** What a gap gets. */
  readonly by: (typeof fillWays)[number];
}

/** Gaps filled. */
export interface Fill extends FillSpec {
  /** What a gap of each column gets, (d). */
  readonly values: Vector<Float64Array>;
}

/**
 * Of each column of x (m, d) its median, of an even number of values the mean of the two in the middle, its mean, or 0, over what is no gap.
 * Throws InputError where a column holds nothing else.
 */
export function fitFill({ by }: FillSpec, x: View<AnyNumbers>): Fill {
  if (!fillWays.includes(by)) throw new InputError(`fill: by is ${show(by)}: it must be one of ${fillWays.join(', ')}`);
  const [m, d] = x.shape;
  const { unit = 1 } = x;
  const values = new Float64Array(d);
  if (by === 'zero') return { kind: 'fill', by, values: vector(values) };
  const column = new Float64Array(m);
  for (let j = 0; j < d; j++) {
    let n = 0;
    let sum = 0;
    for (let i = 0; i < m; i++) {
      const value = numberAt(x.data, x.offset + i * x.stride[0] + j * x.stride[1]) / unit;
      if (Number.isNaN(value)) continue;
      column[n++] = value;
      sum += value;
    }
    if (n === 0) {
      throw new InputError(
        `fill: column ${j} (counted from 0) has no value in the training examples: leave it out, or fill by zero`,
      );
    }
    values[j] = by === 'mean' ? sum / n : median(column.subarray(0, n));
    if (!Number.isFinite(values[j])) {
      throw new InputError(`fill: the mean of column ${j} (counted from 0) overflows: fill by median`);
    }
  }
  return { kind: 'fill', by, values: vector(values) };
}

/** out ← x, and the column's value where x is NaN. out: (m, d) row-major. */
export function applyFill({ values }: Fill, x: View<AnyNumbers>, out: Numbers): void {
  const [m, d] = x.shape;
  const { unit = 1 } = x;
  for (let i = 0, q = 0; i < m; i++) {
    const p = x.offset + i * x.stride[0];
    for (let j = 0; j < d; j++) {
      const value = numberAt(x.data, p + j * x.stride[1]) / unit;
      out[q++] = Number.isNaN(value) ? values.get(j) : value;
    }
  }
}
