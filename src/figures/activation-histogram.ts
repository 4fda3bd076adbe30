import { InputError } from '../errors.ts';
import { axisX, rectY, ruleX, ruleY, text } from './plot.ts';
import { tickRoom, toSvg, xLabel, yAxis } from './svg.ts';
import { type Axis, linearAxis, niceStep, shortNumber } from './ticks.ts';

const WIDTH = 760;
const HEIGHT = 360;
const MOST_BINS = 50;
const FEWEST_BINS = 10;
/** Keeps a value that equals a bin's start in that bin, in the units of a bin's width. */
const ROUNDING = 1e-9;

/** The units whose mean activation lies in [from, to); the last bin includes its end. */
interface Bin {
  readonly from: number;
  readonly to: number;
  readonly units: number;
}

/**
 * A standalone SVG: the histogram of ρ̂_j = (1/m) Σ_k a_j(x_k) over the hidden units j, with the sparsity target ρ as
 * a labelled vertical line. Throws an InputError if there are no units or a number is not finite.
 */
export function activationHistogram(
  meanActivations: ArrayLike<number>,
  options: { readonly target?: number } = {},
): string {
  const { target } = options;
  const values = Float64Array.from(meanActivations ?? []);
  requireFinite(values, target);
  const axis = activationAxis(target === undefined ? values : [...values, target]);
  const bins = countBins(values, axis);
  const counts = linearAxis(0, Math.max(...bins.map(({ units }) => units)), 5, 1);
  return toSvg({
    title: titleOf(values),
    width: WIDTH,
    height: HEIGHT,
    yLabel: 'units',
    marginTop: 68,
    marginLeft: tickRoom(counts),
    marginBottom: 52,
    marginRight: 24,
    x: { domain: axis.domain },
    y: { domain: counts.domain },
    marks: [
      ...yAxis(counts),
      axisX(axis.ticks, { tickFormat: axis.label, ...xLabel('mean activation over the examples') }),
      rectY(bins, { x1: 'from', x2: 'to', y: 'units', fill: '#7ba3e3', inset: 0.5 }),
      ruleY([0]),
      ...(target === undefined ? [] : targetMarks(target, axis)),
    ],
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
function activationAxis(values: ArrayLike<number>): Axis {
  let low = values[0];
  let high = values[0];
  for (let i = 1; i < values.length; i++) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  const fromZero = low >= 0 && low <= high - low;
  return linearAxis(fromZero ? 0 : low, high, 8);
}

/** Bins of a nice width over the axis, more of them for more units. */
function countBins(values: Float64Array, { domain: [begin, end] }: Axis): Bin[] {
  const wanted = Math.min(MOST_BINS, Math.max(FEWEST_BINS, Math.ceil(2 * Math.sqrt(values.length))));
  const width = niceStep(end - begin, wanted);
  const units: number[] = new Array(Math.max(1, Math.round((end - begin) / width))).fill(0);
  for (const value of values) units[Math.min(units.length - 1, Math.floor((value - begin) / width + ROUNDING))]++;
  return units.map((count, i) => ({ from: begin + i * width, to: begin + (i + 1) * width, units: count }));
}

function targetMarks(target: number, { domain: [begin, end] }: Axis) {
  const color = '#c8202f';
  const across = (target - begin) / (end - begin);
  return [
    ruleX([target], { stroke: color, strokeWidth: 2, ariaLabel: () => 'target' }),
    text([`target ρ = ${shortNumber(target)}`], {
      x: [target],
      frameAnchor: 'top',
      lineAnchor: 'bottom',
      dy: -6,
      // Beside the line, on the side with room: the y axis's label stands above the left end.
      textAnchor: across < 0.5 ? 'start' : 'end',
      fill: color,
      fontWeight: 'bold',
    }),
  ];
}
