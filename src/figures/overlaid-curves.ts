import { assertList, assertObject } from '../array/argument-check.ts';
import { InputError } from '../errors.ts';
import { caption, enlarged, LINE, wrapped } from './captions.ts';
import { axisX, dot, line, type Markish, ruleY, text } from './plot.ts';
import { shorten, tickRoom, toSvg, xLabel, yAxis } from './svg.ts';
import type { Point } from './thin.ts';
import { type Axis, linearAxis, logAxis, shortNumber, wholeTicks } from './ticks.ts';

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

/** Told apart by those who see no red or no green, and on white and on dark: Okabe & Ito's, two of them darker. */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b58900', '#7a5cd0', '#3a9bdc', '#8a6d5a'];
const REST = '#8f8f8f';
const WIDTH = 420;
const PLOT_HEIGHT = 250;
const TOP = 68;
const AXIS_ROOM = 52;
/** Of a character of the legend: some are wider than the average. */
const MOST_CHARACTERS = 52;
const SHOWN_LARGER = 1.3;
/** A curve's values above this multiple of what most reach leave the axis to the others. */
const OUTLYING = 0.98;

/**
 * A standalone SVG: curves of several groups over one another, the mean over each group's curves strong, its curves faint, a colour a
 * group; the groups beyond the eighth grey, the best ones first. The y axis is logarithmic where values span more than a decade.
 * Means go as far as all curves of their group. Throws an InputError if no group has a value that is finite.
 */
export function overlaidCurves(groups: readonly CurveGroup[], options: OverlaidCurvesOptions): string {
  assertList(groups, 'groups', 'groups of curves');
  assertObject(options, 'options', '{ title, xLabel, yLabel }');
  const drawn = groups
    .map((group) => ({ ...group, curves: group.curves.map(finite).filter((curve) => curve.length > 0) }))
    .filter(({ curves }) => curves.length > 0)
    .map((group) => ({ ...group, mean: meanCurve(group.curves) }));
  if (drawn.length === 0) throw new InputError('there are no curves: give a group with a value that is finite');
  const ranked = [...drawn].sort((a, b) => lastOf(a.mean) - lastOf(b.mean));
  const colored = drawn.length <= COLORS.length ? drawn : drawn.filter((one) => ranked.indexOf(one) < COLORS.length);
  const colorOf = (one: (typeof drawn)[number]) => COLORS[colored.indexOf(one)] ?? REST;
  const points = drawn.flatMap(({ curves }) => curves.flat());
  const axis = valueAxis(points.map(([, value]) => value));
  const xs = points.map(([x]) => x);
  const [first, last] = [xs.reduce((a, b) => Math.min(a, b)), xs.reduce((a, b) => Math.max(a, b))];
  const steps: [number, number] = first === last ? [first - 1, last] : [first, last];
  const more = drawn.length - colored.length;
  const notes = [
    ...(more > 0 ? [`The ${colored.length} that end lowest in colour, ${more} more in grey.`] : []),
    ...(options.note === undefined ? [] : [options.note]),
  ].flatMap((note) => wrapped(note, MOST_CHARACTERS));
  const legend = AXIS_ROOM + 12;
  const marginLeft = tickRoom(axis);
  const left = 14 - marginLeft;
  const figure = toSvg({
    title: options.title,
    width: WIDTH,
    height: TOP + PLOT_HEIGHT + legend + LINE * (colored.length + notes.length) + 8,
    yLabel: axis.type === 'log' ? `${options.yLabel}, logarithmic` : options.yLabel,
    marginTop: TOP,
    marginBottom: legend + LINE * (colored.length + notes.length) + 8,
    marginLeft,
    marginRight: 18,
    x: { domain: steps },
    y: { type: axis.type, domain: axis.domain, clamp: true },
    marks: [
      ...yAxis(axis),
      axisX(wholeTicks(...steps, 5), { tickFormat: String, ...xLabel(options.xLabel) }),
      ruleY([axis.domain[0]]),
      ...[...drawn].reverse().flatMap((one) => groupMarks(one, colorOf(one), axis)),
      ...colored.flatMap((one, i) => legendMarks(one, colorOf(one), left, legend + LINE * i)),
      ...caption(notes, left, legend + LINE * colored.length),
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
    const values = maps.map((map) => map.get(x));
    if (values.includes(undefined)) return [];
    return [[x, (value + values.reduce<number>((sum, own) => sum + (own ?? 0), 0)) / curves.length]];
  });
}

function lastOf(points: readonly Point[]): number {
  return points[points.length - 1]?.[1] ?? Number.POSITIVE_INFINITY;
}

/** Of what all but the few largest values reach. */
function valueAxis(values: readonly number[]): Axis {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[0];
  const most = sorted[sorted.length - 1];
  const usual = sorted[Math.floor(OUTLYING * (sorted.length - 1))];
  const high = most > 100 * Math.abs(usual) ? usual : most;
  return low > 0 && high > 10 * low ? logAxis(low, high) : linearAxis(low, high);
}

function groupMarks(
  { name, curves, mean }: CurveGroup & { readonly mean: readonly Point[] },
  color: string,
  { domain: [low, high] }: Axis,
): Markish[] {
  const ariaLabel = () => shorten(name, MOST_CHARACTERS); // a function, because Plot reads a string here as the name of a field
  const inside = (points: readonly Point[]) => points.map(([x, y]): Point => [x, Math.min(high, Math.max(low, y))]);
  const faint = curves.length === 1 ? [] : curves;
  return [
    ...faint.map((curve) =>
      line(inside(curve), { x: '0', y: '1', stroke: color, strokeWidth: 1, strokeOpacity: 0.35 }),
    ),
    line(inside(mean), { x: '0', y: '1', stroke: color, strokeWidth: 2, ariaLabel }),
    ...(mean.length > 0 ? [dot(inside(mean.slice(-1)), { x: '0', y: '1', fill: color, r: 3 })] : []),
  ];
}

function legendMarks(
  { name, mean, isBest }: CurveGroup & { readonly mean: readonly Point[] },
  color: string,
  dx: number,
  dy: number,
): Markish[] {
  const value = mean.length > 0 ? shortNumber(lastOf(mean), 3) : '';
  const words = `${shorten(name, MOST_CHARACTERS - value.length - (isBest ? 11 : 4))}  ${value}${isBest ? '  best' : ''}`;
  const place = { frameAnchor: 'bottom-left', dy } as const;
  return [
    dot([name], { ...place, dx: dx + 5, fill: color, r: 5 }),
    text([words], {
      ...place,
      dx: dx + 17,
      lineAnchor: 'middle',
      textAnchor: 'start',
      fill: 'currentColor',
      fontWeight: isBest ? 'bold' : undefined,
    }),
  ];
}
