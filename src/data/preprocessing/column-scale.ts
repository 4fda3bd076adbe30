import { type AnyNumbers, toFlat, type View } from '../../array/matrix.ts';

/** How the columns of examples lie, those that vary. */
export interface ColumnScale {
  /** The least and the greatest value. */
  readonly range: readonly [low: number, high: number];
  /** The least and the greatest standard deviation of a column; 0 where none varies. */
  readonly deviations: readonly [least: number, greatest: number];
  /** Root mean square of the columns' standard deviations. */
  readonly deviation: number;
  /** Root mean square of the columns' means. */
  readonly mean: number;
}

/** Numbers that are looked at: of larger data, rows evenly spread. */
const LOOKED_AT = 2 ** 22;

/** Measures x (m, d), its unit divided out. */
export function columnScale(x: View<AnyNumbers>): ColumnScale {
  const { data, stride, offset, unit } = x;
  const [m, d] = x.shape;
  const rows = Math.min(m, Math.max(1, Math.floor(LOOKED_AT / d)));
  const row = new Float64Array(d);
  const [mean, deviation] = [new Float64Array(d), new Float64Array(d)];
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  /** Row by row, in storage that the next one reuses. */
  const each = (use: () => void) => {
    for (let i = 0; i < rows; i++) {
      const k = Math.floor((i * m) / rows);
      toFlat({ data, stride, unit, shape: [1, d], offset: offset + k * stride[0] }, row);
      use();
    }
  };
  each(() => {
    for (let j = 0; j < d; j++) {
      low = Math.min(low, row[j]);
      high = Math.max(high, row[j]);
      mean[j] += row[j] / rows;
    }
  });
  each(() => {
    for (let j = 0; j < d; j++) deviation[j] += (row[j] - mean[j]) ** 2 / rows;
  });
  // What rounding of the mean makes of a constant column is no deviation.
  const varying = Array.from(deviation.keys()).filter((j) => Math.sqrt(deviation[j]) > 1e-12 * Math.abs(mean[j]));
  const roots = varying.map((j) => Math.sqrt(deviation[j]));
  const rms = (values: readonly number[]) =>
    Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / Math.max(1, values.length));
  return {
    range: [low, high],
    deviations: roots.reduce(([a, b], s) => [Math.min(a, s), Math.max(b, s)], [roots[0] ?? 0, roots[0] ?? 0]),
    deviation: rms(roots),
    mean: rms(varying.map((j) => mean[j])),
  };
}

/** Deviations of columns that differ by more than this are far apart; so are means that exceed the deviations by it. */
const FAR = 10;
const OFF_CENTRE = 3;
/** Steps and initial weights of every kind of model are made for deviations of about 1. */
const MODERATE = [1 / 4, 4] as const;

/**
 * What keeps unbounded models from learning such columns, in words, such as "their means are 100 times their deviations":
 * null where they are centred and of moderate, equal size, or lie in [0, 1] as pixels do.
 */
export function unscaled({ range, deviations: [least, greatest], deviation, mean }: ColumnScale): string | null {
  if (deviation === 0 || inUnitRange(range)) return null;
  if (greatest > FAR * least) {
    return `the columns' standard deviations go from ${round(least)} to ${round(greatest)}`;
  }
  if (mean > OFF_CENTRE * deviation) {
    return `the columns' means are about ${round(mean)}, ${round(mean / deviation)} times their standard deviations`;
  }
  return immoderate({ deviation });
}

/** The same of their size alone: null where deviations are moderate, or all 0. */
export function immoderate({ deviation }: Pick<ColumnScale, 'deviation'>): string | null {
  if (deviation === 0 || (deviation >= MODERATE[0] && deviation <= MODERATE[1])) return null;
  return `the columns' standard deviations are about ${round(deviation)}`;
}

/** Whether all values lie in [0, 1], as pixels do. */
export function inUnitRange([low, high]: ColumnScale['range']): boolean {
  return low >= 0 && high <= 1;
}

/** For a message. */
export function round(value: number): string {
  return `${Number(value.toPrecision(3))}`;
}
