import type { Series } from './series.ts';
import { type Axis, linearAxis, logAxis } from './ticks.ts';

/** Below this share of the largest value, a value on a logarithmic axis counts as zero. */
const NEGLIGIBLE = 1e-12;
/** Of the points of a curve, at most these shares count as outliers: at its top, and at its bottom on a logarithmic axis. */
const FEW = { top: 0.03, bottom: 0.03, logBottom: 0.15 };
/** A curve of fewer points has no outliers, only a shape. */
const LEAST_POINTS = 8;
/** Outliers are left out where they would take more than this share of the axis. */
const MOST_OF_AXIS = 0.5;
/** On a logarithmic axis that has fewer decades, there is room for all. */
const DECADES = 3;

/**
 * The axis of some curves: logarithmic where the values span more than a decade and none is negative. Where a few points would take more
 * than half of it, it is of the others, and those lie beyond its ends. The last point of a curve is never one of them.
 */
export function valueAxis(series: readonly Pick<Series, 'points'>[]): Axis {
  const values = series.flatMap(({ points }) => points.map(([, value]) => value));
  const [low, high] = range(values);
  const floor = NEGLIGIBLE * high;
  const positive = (value: number) => value > floor;
  const least = values.reduce((so, value) => (positive(value) && value < so ? value : so), high);
  if (low >= -floor && high > 10 * least) {
    const all = [Math.log10(least), Math.log10(high)] as const;
    const logs = series.map(({ points }) =>
      points
        .map(([, value]) => value)
        .filter(positive)
        .map(Math.log10),
    );
    const [from, to] = all[1] - all[0] < DECADES ? all : cut(all, logs, FEW.logBottom);
    return logAxis(from === all[0] ? least : 10 ** from, to === all[1] ? high : 10 ** to);
  }
  return linearAxis(
    ...cut(
      [low, high],
      series.map(({ points }) => points.map(([, value]) => value)),
      FEW.bottom,
    ),
  );
}

/** Whether a value lies beyond an end of the axis: 1 above, −1 below, 0 where it does not, or counts as zero. */
export function beyond(value: number, { type, domain: [low, high] }: Axis): -1 | 0 | 1 {
  if (value > high) return 1;
  if (value >= low || (type === 'log' && value <= NEGLIGIBLE * high)) return 0;
  return -1;
}

/** The range without the few outermost values of each curve, on the sides where these would take much of it. */
function cut([low, high]: readonly [number, number], curves: readonly number[][], bottom: number): [number, number] {
  const inner = curves.filter((curve) => curve.length > 0).map((curve) => core(curve, bottom));
  const from = Math.min(...inner.map(([begin]) => begin));
  const to = Math.max(...inner.map(([, end]) => end));
  const [below, above] = [from - low, high - to];
  if (!(below + above > MOST_OF_AXIS * (high - low))) return [low, high];
  return [below > above / 4 ? from : low, above > below / 4 ? to : high];
}

function core(curve: readonly number[], bottom: number): [number, number] {
  const sorted = [...curve].sort((a, b) => a - b);
  const last = curve[curve.length - 1];
  const few = (share: number) => (curve.length < LEAST_POINTS ? 0 : Math.max(1, Math.floor(share * curve.length)));
  return [Math.min(last, sorted[few(bottom)]), Math.max(last, sorted[sorted.length - 1 - few(FEW.top)])];
}

function range(values: readonly number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}
