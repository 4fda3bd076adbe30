import type { Point } from '../../figures/thin.ts';
import { type Axis, linearAxis, logAxis } from '../../figures/ticks.ts';

/** Of the values of a curve, so many at either end may lie outside the axis. */
const TAIL = 0.02;
const FEWEST = 8; // values: fewer have no outliers
/** What is smaller than the largest by so much is not shown: a term that dies would press all others flat. */
const SPAN = 1e6;
/** A logarithmic axis where the values span as much. */
const DECADE = 10;
/** Values that are not above 0, as a share of all: more have no logarithmic axis. */
const NEGATIVE = 0.05;

/** Values of a curve that are looked at: evenly spread ones, where it has more. */
const LOOKED = 2000;

/** Where an axis begins and ends. */
type Range = readonly [number, number];

/**
 * The axis on which curves are read: logarithmic where their values span a decade and next to none is below 0; not ruled by a few
 * outliers, which lie outside. `from` 0 begins a linear one at 0.
 */
export function axisOf(curves: readonly (readonly Point[])[], ticks: number, from?: 0): Axis {
  const all = curves.map((points) => valuesOf(points).sort((a, b) => a - b)).filter((ys) => ys.length > 0);
  if (all.length === 0) return linearAxis(0, 1, ticks);
  const count = all.reduce((sum, ys) => sum + ys.length, 0);
  const below = all.reduce((sum, ys) => sum + ys.filter((y) => y < 0).length, 0);
  const positive = all.map((ys) => ys.filter((y) => y > 0)).filter((ys) => ys.length > 0);
  if (from === undefined && positive.length > 0 && below <= NEGATIVE * count) {
    const ranges = positive.map(withoutOutliers);
    const most = Math.max(...ranges.map(([, high]) => high));
    const least = Math.max(most / SPAN, Math.min(...ranges.map(([low]) => low)));
    if (most >= DECADE * least) return fewer(logAxis(least, most), ticks);
  }
  const ranges = all.map((ys) => inner(ys, (low, high, room) => [low - room, high + room]));
  const low = Math.min(...ranges.map(([least]) => least));
  return linearAxis(from ?? low, Math.max(...ranges.map(([, most]) => most)), ticks);
}

function valuesOf(points: readonly Point[]): number[] {
  const every = Math.ceil(points.length / LOOKED);
  const values: number[] = [];
  for (let i = points.length - 1; i >= 0; i -= every) values.push(points[i][1]);
  return values;
}

/** A point alone beyond all others by a factor of 10 is an outlier. */
function withoutOutliers(ys: readonly number[]): Range {
  return inner(ys, (low, high) => [low / DECADE, high * DECADE]);
}

/** From the least of the sorted values to the largest, but not beyond what `widened` makes of those between the tails. */
function inner(ys: readonly number[], widened: (low: number, high: number, room: number) => Range): Range {
  const [least, most] = [ys[0], ys[ys.length - 1]];
  if (ys.length < FEWEST) return [least, most];
  const cut = Math.max(1, Math.floor(TAIL * ys.length));
  const [low, high] = [ys[cut], ys[ys.length - 1 - cut]];
  const [from, to] = widened(low, high, high - low);
  return high > low ? [Math.max(least, from), Math.min(most, to)] : [least, most];
}

/** With room for its labels: powers of ten alone, and of those every second, third, … where they are many. */
function fewer(axis: Axis, most: number): Axis {
  if (axis.ticks.length <= most) return axis;
  const powers = axis.ticks.filter((tick) => Math.abs(Math.log10(tick) - Math.round(Math.log10(tick))) < 1e-9);
  if (powers.length < 2) return { ...axis, ticks: axis.ticks.filter((_, i) => i % 2 === 0) };
  const every = Math.ceil(powers.length / most);
  return { ...axis, ticks: powers.filter((_, i) => i % every === 0) };
}
