import { InputError, show } from '../errors.ts';
import { ticksIn } from './axes.ts';
import type { FigureSize } from './penalty-curves.ts';
import { ruleX, text } from './plot.ts';
import { colours } from './theme.ts';
import { type Axis, linearAxis, shortNumber } from './ticks.ts';
import { type UnitBin, unitHistogram } from './unit-histogram.ts';
import { widthOf } from './width.ts';

const MOST_BINS = 50;
const FEWEST_BINS = 10;
/** Into how many a step between ticks is cut: all have ends at the ticks. */
const CUTS = [1, 2, 4, 5, 10, 20];
/** Keeps a value that equals a bin's start in that bin, in the units of a bin's width. */
const ROUNDING = 1e-9;
/** What the frame does not take of the width, about. */
const SIDES = 90;

/** What is marked in a histogram of mean activations. */
export interface ActivationHistogramOptions extends FigureSize {
  /** ρ of a sparsity penalty: a labelled line. */
  readonly target?: number | undefined;
  /** Units that no example moves, by number: counted in a bar of their own. */
  readonly dead?: Iterable<number> | undefined;
}

/**
 * A standalone SVG: the histogram of ρ̂_j = (1/m) Σ_k a_j(x_k) over the hidden units j, with the sparsity target ρ as
 * a labelled vertical line. Throws an InputError if there are no units or a number is not finite.
 */
export function activationHistogram(
  meanActivations: ArrayLike<number>,
  options: ActivationHistogramOptions = {},
): string {
  const { target } = options;
  const values = Float64Array.from(meanActivations ?? []);
  requireFinite(values, target);
  const dead = new Set(options.dead);
  for (const unit of dead) {
    if (!Number.isInteger(unit) || unit < 0 || unit >= values.length) {
      throw new InputError(`dead names unit ${show(unit)}: units are whole numbers from 0 to ${values.length - 1}`);
    }
  }
  const width = widthOf(options.width);
  const living = values.filter((_, unit) => !dead.has(unit));
  const placed = target === undefined ? [...living] : [...living, target];
  const axis = activationAxis(placed.length === 0 ? [0] : placed, ticksIn(width - SIDES));
  return unitHistogram({
    title: titleOf(values),
    notes: [
      `ρ̂: the activation of a unit, averaged over the examples${dead.size === 0 ? '' : '; grey: units that no example moves'}`,
    ],
    xLabel: 'mean activation over the examples',
    width,
    above: target === undefined ? 0 : 16,
    axis,
    bins: countBins(living, axis),
    apart: dead.size === 0 ? undefined : { name: 'dead', units: dead.size },
    marks: target === undefined ? [] : targetMarks(target, axis),
  });
}

function requireFinite(values: Float64Array, target: number | undefined): void {
  if (values.length === 0) throw new InputError('there are no mean activations: give one for each hidden unit');
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new InputError(`the mean activation of unit ${bad} is ${values[bad]}: it must be finite`);
  if (target !== undefined && !Number.isFinite(target)) {
    throw new InputError(`target is ${target}: give the finite ρ of the sparsity penalty, or leave it out`);
  }
}

function titleOf(values: Float64Array): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const units = values.length === 1 ? '1 hidden unit' : `${values.length} hidden units`;
  return `Mean activation of ${units}: ${shortNumber(mean, 3)} on average`;
}

/** An axis over the values; it starts at 0, silence, unless that would leave more than half of it empty. */
function activationAxis(values: readonly number[], ticks: number): Axis {
  let low = values[0];
  let high = values[0];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const fromZero = low >= 0 && low <= high - low;
  return linearAxis(fromZero ? 0 : low, high, ticks);
}

/** Bins of equal width that fill the axis, more of them for more units. */
function countBins(values: Float64Array, { domain: [begin, end], ticks }: Axis): UnitBin[] {
  const wanted = Math.min(MOST_BINS, Math.max(FEWEST_BINS, Math.ceil(2 * Math.sqrt(values.length))));
  const steps = ticks.length - 1;
  const cuts = CUTS.filter((cut) => cut * steps <= wanted).pop() ?? 1;
  const width = (end - begin) / (steps * cuts);
  const units: number[] = new Array(steps * cuts).fill(0);
  for (const value of values) units[Math.min(units.length - 1, Math.floor((value - begin) / width + ROUNDING))]++;
  return units.map((count, i) => ({ from: begin + i * width, to: begin + (i + 1) * width, units: count }));
}

function targetMarks(target: number, { domain: [begin, end] }: Axis) {
  const across = (target - begin) / (end - begin);
  return [
    ruleX([target], { stroke: colours.vermilion, strokeWidth: 2, ariaLabel: () => 'target' }),
    text([`target ρ = ${shortNumber(target)}`], {
      x: [target],
      frameAnchor: 'top',
      lineAnchor: 'bottom',
      dy: -6,
      // Beside the line, on the side with room.
      textAnchor: across < 0.5 ? 'start' : 'end',
      fill: colours.vermilion,
      fontWeight: 'bold',
    }),
  ];
}
