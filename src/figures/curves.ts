import { assertObject } from '../array/argument-check.ts';
import { InputError, show } from '../errors.ts';
import { tickRoom, ticksIn, xLabel, yAxis } from './axes.ts';
import { clippedMarks, isClipped } from './clipped.ts';
import { endLabels } from './end-labels.ts';
import { GLYPH } from './glyph.ts';
import { oneRecord } from './one-record.ts';
import { axisX, dot, line, type Markish, rectY, ruleX, ruleY, text } from './plot.ts';
import { type HistoryPoint, type Series, seriesOf } from './series.ts';
import { BOTTOM, TOP, toSvg } from './svg.ts';
import { colours } from './theme.ts';
import { type Axis, shortNumber, wholeTicks } from './ticks.ts';
import { beyond, valueAxis } from './value-axis.ts';
import { NARROW, widthOf } from './width.ts';
import { shorten } from './words.ts';

/** Something that changes while a run goes on, so that costs before and after do not compare. */
export interface Annealed {
  /** The step at which it has settled. */
  readonly until: number;
  /** What it is, in a few words such as 'k is annealed'. */
  readonly says: string;
}

/** What the curves are called. */
export interface TrainingCurvesOptions {
  /** What stands before the final cost in the title; by default 'Training cost'. */
  readonly title?: string | undefined;
  /** What a step is; by default 'iteration'. */
  readonly stepLabel?: string | undefined;
  /** Shaded, with its words above. */
  readonly annealed?: Annealed | undefined;
  /** In pixels, 240 or more; default 760. Below 560 names stand below the curves. */
  readonly width?: number | undefined;
}

const HEIGHT = 400;
const LONGEST_NAME = 26;
const LONGEST_TITLE = 36;
/** Up to this many points, a curve shows where it was measured. */
const FEW_POINTS = 30;
const ROW = 16;

/**
 * A standalone SVG of a training run: total cost, each term that is not zero throughout, and validation, over the
 * steps. The y axis is logarithmic where the values span more than a decade and none is negative; zeros leave a gap
 * there. Where a few points would take more than half of the axis they are cut off, and marked ▲ or ▼ with their values. Long runs are
 * thinned to 1000 points a curve. Each curve's name and final value stand at its right end. A history of one record is drawn as bars.
 * Throws an InputError if the history is empty, a number in it is not finite, or an option is not allowed.
 */
export function trainingCurves(history: readonly HistoryPoint[], options: TrainingCurvesOptions = {}): string {
  const { title = 'Training cost', stepLabel = 'iteration', annealed } = options;
  const width = widthOf(options.width);
  const series = seriesOf(history);
  if (annealed !== undefined) requireAnnealed(annealed);
  const final = history[history.length - 1];
  const heading = `${shorten(title, LONGEST_TITLE)}: ${shortNumber(final.cost)} after ${stepLabel} ${final.step}`;
  if (history.length === 1) return oneRecord(series, heading, width);
  const axis = valueAxis(series);
  const steps = stepRange(series);
  const labels = series.map(({ name, points }) => shorten(name, LONGEST_NAME) + finalValue(points));
  const narrow = width < NARROW;
  const marginLeft = tickRoom(axis);
  const marginRight = narrow ? 24 : 24 + GLYPH * Math.max(...labels.map((label) => label.length));
  const frame = width - marginLeft - marginRight;
  const over = isClipped(series, axis, 1) ? ROW : 0;
  const ends = series.map(({ color, strokeWidth, dashes, points }, i) => {
    const [, value] = points[points.length - 1];
    return { text: labels[i], value, color, strokeWidth, dashes, bold: strokeWidth > 2 };
  });
  return toSvg({
    title: heading,
    width,
    height: HEIGHT,
    yLabel: axis.type === 'log' ? 'cost, logarithmic' : 'cost',
    above: (annealed === undefined ? 0 : ROW) + over,
    legend: narrow ? ends : [],
    remarks: isClipped(series, axis) ? ['▲ ▼ beyond the axis, with their values: these few would take most of it'] : [],
    marginLeft,
    marginRight,
    x: { domain: steps },
    y: { type: axis.type, domain: axis.domain },
    marks: [
      ...(annealed === undefined ? [] : annealedMarks(annealed, steps, axis, { width: frame, over })),
      ...yAxis(axis),
      axisX(wholeTicks(...steps, ticksIn(frame)), { tickFormat: String, ...xLabel(stepLabel) }),
      ruleY([axis.domain[0]]),
      ...series.flatMap((one) => curveMarks(one, axis)),
      ...clippedMarks(series, { axis, steps, width: frame }),
      ...(narrow ? [] : endLabels(ends, { axis, x: steps[1], height: HEIGHT - TOP - BOTTOM })),
    ],
  });
}

function requireAnnealed(annealed: Annealed): void {
  assertObject(annealed, 'annealed', "{ until: 100, says: 'k is annealed' }");
  const { until, says } = annealed;
  if (Number.isFinite(until) && typeof says === 'string') return;
  throw new InputError(`annealed is ${show(annealed)}: give { until: a step, says: what changes until then }`);
}

/** From the first step to the last. */
function stepRange(series: readonly Series[]): [number, number] {
  const steps = series[0].points.map(([step]) => step);
  const first = Math.min(...steps);
  const last = Math.max(...steps);
  return first === last ? [first - 1, last] : [first, last];
}

function finalValue(points: Series['points']): string {
  return ` ${shortNumber(points[points.length - 1][1])}`;
}

function annealedMarks(
  { until, says }: Annealed,
  [first, last]: [number, number],
  axis: Axis,
  { width, over }: { readonly width: number; readonly over: number },
): Markish[] {
  if (until <= first) return [];
  const end = Math.min(until, last);
  const [bottom, top] = axis.domain;
  return [
    rectY([{ from: first, to: end, bottom, top }], {
      ...{ x1: 'from', x2: 'to', y1: 'bottom', y2: 'top' },
      ...{ fill: colours.ink, fillOpacity: 0.07, ariaLabel: () => 'annealed' },
    }),
    ...(end < last ? [ruleX([end], { stroke: colours.muted, strokeDasharray: '3,3' })] : []),
    text([shorten(`shaded: ${says}`, Math.floor(width / GLYPH))], {
      ...{ frameAnchor: 'top-left', lineAnchor: 'bottom', textAnchor: 'start', dy: -5 - over, fill: colours.muted },
    }),
  ];
}

function curveMarks({ name, color, strokeWidth, dashes, points }: Series, axis: Axis): Markish[] {
  const [low, high] = axis.domain;
  const x = points.map(([step]) => step);
  const at = (value: number, side: number) => (side > 0 ? high : side < 0 ? low : value < low ? Number.NaN : value);
  const y = points.map(([, value]) => at(value, beyond(value, axis)));
  // A function, because Plot reads a string here as the name of a field.
  const ariaLabel = () => name;
  const curve = line(points, { x, y, stroke: color, strokeWidth, strokeDasharray: dashes, ariaLabel });
  if (points.length > FEW_POINTS) return [curve];
  const dotted = points.map(([, value], i) => (beyond(value, axis) === 0 ? y[i] : Number.NaN));
  return [curve, dot(points, { x, y: dotted, fill: color, r: strokeWidth + 0.75 })];
}
