import { assertList, assertObject } from '../array/argument-check.ts';
import { InputError } from '../errors.ts';
import { tickRoom, ticksIn, xLabel, yAxis } from './axes.ts';
import { clippedMarks, isClipped } from './clipped.ts';
import { enlarged } from './enlarged.ts';
import { axisX, dot, line, type Markish, ruleY } from './plot.ts';
import { toSvg } from './svg.ts';
import { colours } from './theme.ts';
import type { Point } from './thin.ts';
import { type Axis, shortNumber, wholeTicks } from './ticks.ts';
import { beyond, valueAxis } from './value-axis.ts';
import { shorten } from './words.ts';

/** Curves that belong together, such as one setting with several seeds. */
export interface CurveGroup {
  readonly name: string;
  /** (x, value) of each, rising in x. Values that are not finite are left out. */
  readonly curves: readonly (readonly Point[])[];
  /** Stands out in the legend. */
  readonly isBest?: boolean | undefined;
}

/** Words of `overlaidCurves`. */
export interface OverlaidCurvesOptions {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Below the legend. */
  readonly note?: string | undefined;
}

/** A group as it is drawn. */
interface Drawn extends CurveGroup {
  readonly mean: readonly Point[];
}

const COLOURS = [
  ...[colours.blue, colours.vermilion, colours.green, colours.purple],
  ...[colours.ochre, colours.brown, colours.violet, colours.sky],
];
const REST = colours.dot;
/** Of the last colour, which is near the first. */
const DASHES = '5,3';
const WIDTH = 420;
const HEIGHT = 370;
const RIGHT = 22;
const ROW = 16;
const LONGEST_NAME = 38;
const SHOWN_LARGER = 1.3;

/**
 * A standalone SVG: curves of several groups over one another, the mean over each group's curves strong, its curves faint, a colour a
 * group; where there are more than eight, those that end lowest have colours and the others are grey. The y axis is that of
 * `trainingCurves`. Means go over the points that all curves of their group have.
 * @throws InputError if no group has a value that is finite.
 */
export function overlaidCurves(groups: readonly CurveGroup[], options: OverlaidCurvesOptions): string {
  assertList(groups, 'groups', 'groups of curves');
  assertObject(options, 'options', '{ title, xLabel, yLabel }');
  const drawn = groups
    .map((group) => ({ ...group, curves: group.curves.map(finite).filter((curve) => curve.length > 0) }))
    .filter(({ curves }) => curves.length > 0)
    .map((group): Drawn => ({ ...group, mean: meanCurve(group.curves) }));
  if (drawn.length === 0) throw new InputError('there are no curves: give a group with a value that is finite');
  const lowest = new Set([...drawn].sort((a, b) => lastOf(a.mean) - lastOf(b.mean)).slice(0, COLOURS.length));
  const coloured = drawn.filter((one) => lowest.has(one));
  const colourOf = (one: Drawn) => COLOURS[coloured.indexOf(one)] ?? REST;
  const series = drawn.flatMap((one) =>
    one.curves.map((points) => ({ name: one.name, color: colourOf(one), strokeWidth: 1, points })),
  );
  const axis = valueAxis(series);
  const steps = rangeOf(series.flatMap(({ points }) => points.map(([x]) => x)));
  const marginLeft = tickRoom(axis);
  const more = drawn.length - coloured.length;
  const figure = toSvg({
    title: options.title,
    width: WIDTH,
    height: HEIGHT,
    yLabel: axis.type === 'log' ? `${options.yLabel}, logarithmic` : options.yLabel,
    above: isClipped(series, axis, 1) ? ROW : 0,
    marginLeft,
    marginRight: RIGHT,
    legend: coloured.map((one) => ({
      text: labelOf(one),
      color: colourOf(one),
      dashes: dashesOf(colourOf(one)),
      bold: one.isBest,
    })),
    remarks: [
      ...(more > 0 ? [`In colour the ${coloured.length} that end lowest, in grey ${more} more.`] : []),
      ...(isClipped(series, axis) ? ['▲ ▼ points beyond the axis, with their values.'] : []),
      ...(options.note === undefined ? [] : [options.note]),
    ],
    x: { domain: steps },
    y: { type: axis.type, domain: axis.domain },
    marks: [
      ...yAxis(axis),
      axisX(wholeTicks(...steps, ticksIn(WIDTH - marginLeft - RIGHT)), {
        tickFormat: String,
        ...xLabel(options.xLabel),
      }),
      ruleY([axis.domain[0]]),
      // What is grey lies below, and the lowest on top.
      ...[...drawn]
        .sort((a, b) => lastOf(b.mean) - lastOf(a.mean))
        .flatMap((one) => groupMarks(one, colourOf(one), axis)),
      ...clippedMarks(series, { axis, steps, width: WIDTH - marginLeft - RIGHT }),
    ],
  });
  return enlarged(figure, SHOWN_LARGER);
}

function finite(points: readonly Point[]): Point[] {
  return points.filter(([x, value]) => Number.isFinite(x) && Number.isFinite(value));
}

/** Over the points that all curves have. */
function meanCurve(curves: readonly (readonly Point[])[]): Point[] {
  const [first, ...others] = curves;
  const maps = others.map((curve) => new Map(curve));
  return first.flatMap(([x, value]): Point[] => {
    const values = maps.flatMap((map) => map.get(x) ?? []);
    if (values.length < maps.length) return [];
    return [[x, values.reduce((sum, own) => sum + own, value) / curves.length]];
  });
}

function lastOf(points: readonly Point[]): number {
  return points[points.length - 1]?.[1] ?? Number.POSITIVE_INFINITY;
}

/** From the first to the last; a single one gets room on its left. */
function rangeOf(xs: readonly number[]): [number, number] {
  const first = xs.reduce((a, b) => Math.min(a, b));
  const last = xs.reduce((a, b) => Math.max(a, b));
  return first === last ? [first - 1, last] : [first, last];
}

function dashesOf(colour: string): string | undefined {
  return colour === COLOURS[COLOURS.length - 1] ? DASHES : undefined;
}

/** The name, and where its mean ends. */
function labelOf({ name, mean, isBest }: Drawn): string {
  const value = mean.length > 0 ? `: ${shortNumber(lastOf(mean), 3)}` : '';
  return `${shorten(name, LONGEST_NAME)}${value}${isBest ? ', best' : ''}`;
}

function groupMarks({ name, curves, mean }: Drawn, colour: string, axis: Axis): Markish[] {
  const [low, high] = axis.domain;
  const placed = (points: readonly Point[]) =>
    points.map(([x, value]): Point => {
      const side = beyond(value, axis);
      return [x, side > 0 ? high : side < 0 ? low : value < low ? Number.NaN : value];
    });
  const ariaLabel = () => shorten(name, LONGEST_NAME); // a function, because Plot reads a string here as the name of a field
  const faint = curves.length === 1 ? [] : curves;
  return [
    ...faint.map((curve) =>
      line(placed(curve), { x: '0', y: '1', stroke: colour, strokeWidth: 1, strokeOpacity: 0.4 }),
    ),
    line(placed(mean), {
      x: '0',
      y: '1',
      stroke: colour,
      strokeWidth: 2,
      strokeDasharray: dashesOf(colour),
      ariaLabel,
    }),
    ...(mean.length > 0 ? [dot(placed(mean.slice(-1)), { x: '0', y: '1', fill: colour, r: 3 })] : []),
  ];
}
