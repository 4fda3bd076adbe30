import { assertList, assertObject } from '../array/argument-check.ts';
import { InputError } from '../errors.ts';
import { tickRoom, xLabel, yAxis } from './axes.ts';
import { axisX, dot, frame, line, type Markish, text } from './plot.ts';
import { TOP, toSvg } from './svg.ts';
import { colours } from './theme.ts';
import type { Point } from './thin.ts';
import { type Axis, linearAxis } from './ticks.ts';

/** A point; later ones cover earlier ones. Points with a value are coloured by it, from dark violet over green to yellow. */
export interface Dot {
  /** To the right. */
  readonly x: number;
  /** Up. */
  readonly y: number;
  /** What colours the point; grey where absent. */
  readonly value?: number | undefined;
}

/** A path over the points, named in its colour at the top right. */
export interface Path {
  /** Its legend. */
  readonly name: string;
  /** A CSS colour. */
  readonly color: string;
  /** (x, y), in order. */
  readonly points: readonly Point[];
}

/** Title, axes and size of the figure. */
export interface ScatterOptions {
  /** Above the figure. */
  readonly title: string;
  /** Without it there are no axes: for projections, whose coordinates mean nothing. */
  readonly xLabel?: string | undefined;
  /** Below the title: the label of the y axis, where there is one. */
  readonly note?: string | undefined;
  /** Points that are not drawn but for which there shall be room: gives pictures the same scale. */
  readonly room?: readonly Dot[] | undefined;
  /** A unit is as long on both axes. Default true. */
  readonly equal?: boolean | undefined;
  /** Drawn over the points. */
  readonly paths?: readonly Path[] | undefined;
  /** In pixels; default 420. */
  readonly width?: number | undefined;
  /** In pixels; default 380. */
  readonly height?: number | undefined;
}

const MARGIN = 16;
const PATH_NAMES_TOP = 40;
const LINE = 16;

/**
 * A standalone SVG of points in a plane. Throws an InputError if there are no points or a number is not finite.
 */
export function scatter(dots: readonly Dot[], options: ScatterOptions): string {
  assertList(dots, 'dots', 'points such as { x: 0, y: 1 }');
  assertObject(options, 'options', "{ title: 'Codes' }");
  const { title, note = '', room = [], equal = true, paths = [], width = 420, height = 380 } = options;
  const all = [...dots, ...room, ...paths.flatMap(({ points }) => points.map(([x, y]) => ({ x, y })))];
  requireFinite(dots, all);
  const bare = options.xLabel === undefined;
  const loose = { x: axisOf(all.map(({ x }) => x)), y: axisOf(all.map(({ y }) => y)) };
  const marginLeft = bare ? MARGIN : tickRoom(loose.y);
  const marginBottom = bare ? MARGIN : 52;
  const inside = { x: width - marginLeft - MARGIN, y: height - TOP - marginBottom };
  const { x, y } = equal ? equalScales(loose, inside) : loose;
  const svg = toSvg({
    title,
    width,
    height,
    yLabel: note,
    marginLeft,
    marginRight: MARGIN,
    marginBottom,
    x: { domain: x.domain, axis: null },
    y: { domain: y.domain, axis: null },
    color: { type: 'linear', scheme: 'viridis' },
    marks: [
      frame({ strokeOpacity: 0.25 }),
      ...(bare ? [] : [...yAxis(y), axisX(x.ticks, { tickFormat: x.label, ...xLabel(options.xLabel ?? '') })]),
      ...dotMarks(dots),
      ...paths.flatMap((path, i) => pathMarks(path, PATH_NAMES_TOP + i * LINE - TOP)),
    ],
  });
  // Two decimals of a pixel: thousands of points would otherwise take a megabyte.
  return svg.replace(/\b(c[xy])="(-?[\d.]+)"/g, (_, name: string, at: string) => `${name}="${Number(at).toFixed(2)}"`);
}

function requireFinite(dots: readonly Dot[], all: readonly Dot[]): void {
  if (dots.length === 0) throw new InputError('there are no points: there is nothing to draw');
  const bad = all.findIndex(({ x, y, value = 0 }) => ![x, y, value].every(Number.isFinite));
  if (bad < 0) return;
  const { x, y, value } = all[bad];
  const what = bad < dots.length ? `point ${bad}` : `point ${bad - dots.length} of room and paths`;
  const valued = value === undefined ? '' : `, its value ${value}`;
  throw new InputError(`${what} is (${x}, ${y})${valued}: it must be finite`);
}

function axisOf(values: readonly number[]): Axis {
  let [low, high] = [values[0], values[0]];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return linearAxis(low, high);
}

/** The axis with the more room is made longer on both sides; ticks stay where they are. */
function equalScales({ x, y }: { x: Axis; y: Axis }, inside: { x: number; y: number }): { x: Axis; y: Axis } {
  const unit = Math.max(span(x) / inside.x, span(y) / inside.y);
  return { x: widened(x, unit * inside.x), y: widened(y, unit * inside.y) };
}

function span({ domain: [low, high] }: Axis): number {
  return high - low;
}

function widened(axis: Axis, to: number): Axis {
  const pad = (to - span(axis)) / 2;
  return { ...axis, domain: [axis.domain[0] - pad, axis.domain[1] + pad] };
}

function dotMarks(dots: readonly Dot[]): Markish[] {
  const valued = dots.some(({ value }) => value !== undefined);
  return [dot(dots, { x: 'x', y: 'y', r: 2, fill: valued ? 'value' : colours.dot, fillOpacity: valued ? 1 : 0.6 })];
}

function pathMarks({ name, color, points }: Path, dy: number): Markish[] {
  const ariaLabel = () => name; // a function, because Plot reads a string here as the name of a field
  return [
    line(points, { x: '0', y: '1', stroke: color, strokeWidth: 2.5, ariaLabel }),
    text([name], {
      frameAnchor: 'top-right',
      lineAnchor: 'top',
      textAnchor: 'end',
      dy,
      fill: color,
      fontWeight: 'bold',
    }),
  ];
}
