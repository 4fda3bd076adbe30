import { endLabels } from './end-labels.ts';
import { axisX, dot, line, type Markish, ruleY } from './plot.ts';
import { type HistoryPoint, type Series, seriesOf } from './series.ts';
import { GLYPH, shorten, tickRoom, toSvg, xLabel, yAxis } from './svg.ts';
import { type Axis, linearAxis, logAxis, shortNumber, wholeTicks } from './ticks.ts';

/** What the curves are called. */
export interface TrainingCurvesOptions {
  /** What stands before the final cost in the title; by default 'Training cost'. */
  readonly title?: string | undefined;
  /** What a step is; by default 'iteration'. */
  readonly stepLabel?: string | undefined;
}

const WIDTH = 760;
const HEIGHT = 400;
const MARGINS = { marginTop: 68, marginBottom: 52 };
const LONGEST_NAME = 26;
const LONGEST_TITLE = 36;
/** Below this share of the largest value, a value on a logarithmic axis counts as zero. */
const NEGLIGIBLE = 1e-12;
/** Up to this many points, a curve shows where it was measured. */
const FEW_POINTS = 30;

/**
 * A standalone SVG of a training run: total cost, each term that is not zero throughout, and validation, over the
 * steps. The y axis is logarithmic where the values span more than a decade and none is negative; zeros leave a gap
 * there. Long runs are thinned to 1000 points a curve. Each curve's name and final value stand at its right end.
 * Throws an InputError if the history is empty or a number in it is not finite.
 */
export function trainingCurves(history: readonly HistoryPoint[], options: TrainingCurvesOptions = {}): string {
  const { title = 'Training cost', stepLabel = 'iteration' } = options;
  const series = seriesOf(history);
  const axis = valueAxis(series.flatMap(({ points }) => points.map(([, value]) => value)));
  const steps = stepRange(series[0]);
  const stepTicks = history.length === 1 ? [steps[1]] : wholeTicks(...steps);
  const final = history[history.length - 1];
  const labels = series.map(({ name, points }) => shorten(name, LONGEST_NAME) + finalValue(points));
  return toSvg({
    title: `${shorten(title, LONGEST_TITLE)}: ${shortNumber(final.cost)} after ${stepLabel} ${final.step}`,
    width: WIDTH,
    height: HEIGHT,
    yLabel: axis.type === 'log' ? 'cost, logarithmic' : 'cost',
    ...MARGINS,
    marginLeft: tickRoom(axis),
    marginRight: 24 + GLYPH * Math.max(...labels.map((label) => label.length)),
    x: { domain: steps },
    y: { type: axis.type, domain: axis.domain },
    marks: [
      ...yAxis(axis),
      axisX(stepTicks, { tickFormat: String, ...xLabel(stepLabel) }),
      ruleY([axis.domain[0]]),
      ...series.flatMap((one) => curveMarks(one, axis)),
      ...endLabels(
        series.map(({ color, strokeWidth, points }, i) => {
          const [, value] = points[points.length - 1];
          return { text: labels[i], value, color, bold: strokeWidth > 2 };
        }),
        { axis, x: steps[1], height: HEIGHT - MARGINS.marginTop - MARGINS.marginBottom },
      ),
    ],
  });
}

function valueAxis(values: readonly number[]): Axis {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const floor = NEGLIGIBLE * high;
  const leastPositive = values.reduce((least, value) => (value > floor && value < least ? value : least), high);
  if (low >= -floor && high > 10 * leastPositive) return logAxis(leastPositive, high);
  return linearAxis(low, high);
}

/** From the first step to the last; a single step gets room on its left. */
function stepRange({ points }: Series): [number, number] {
  const steps = points.map(([step]) => step);
  const first = Math.min(...steps);
  const last = Math.max(...steps);
  return first === last ? [first - 1, last] : [first, last];
}

function finalValue(points: Series['points']): string {
  return ` ${shortNumber(points[points.length - 1][1])}`;
}

function curveMarks({ name, color, strokeWidth, dashes, points }: Series, axis: Axis): Markish[] {
  const x = points.map(([step]) => step);
  const y = points.map(([, value]) => (axis.type === 'log' && value < axis.domain[0] ? Number.NaN : value));
  // A function, because Plot reads a string here as the name of a field.
  const ariaLabel = () => name;
  const curve = line(points, { x, y, stroke: color, strokeWidth, strokeDasharray: dashes, ariaLabel });
  if (points.length > FEW_POINTS) return [curve];
  return [curve, dot(points, { x, y, fill: color, r: strokeWidth + 0.75 })];
}
