import { arrow, axisX, axisY, dot, gridY, line, type Markish, rect, ruleX, ruleY, text } from '@observablehq/plot';
import type { Panel } from './figure.ts';

export const INK = 'var(--figure-ink)';
export const MUTED = 'var(--figure-muted)';
export const FAINT = 'var(--figure-faint)';
export const GROUND = 'var(--figure-ground)';
export const BLUE = 'var(--figure-blue)';
export const ORANGE = 'var(--figure-orange)';
export const PURPLE = 'var(--figure-purple)';

export type Point = readonly [number, number];
type Range = readonly [number, number];

/** f at equal distances. Where it leaves the heights `within` it is NaN: Plot draws a gap there. */
export function curve(f: (x: number) => number, [from, to]: Range, within?: Range, pieces = 160): Point[] {
  return Array.from({ length: pieces + 1 }, (_, i) => {
    const x = from + ((to - from) * i) / pieces;
    const y = f(x);
    return [x, within === undefined || (y >= within[0] && y <= within[1]) ? y : Number.NaN];
  });
}

/** A line through points. */
export function path(points: readonly Point[], stroke: string, options: object = {}): Markish {
  return line(points, { x: '0', y: '1', stroke, strokeWidth: 2, ...options });
}

/** A dot at each point. */
export function dots(points: readonly Point[], fill: string, options: object = {}): Markish {
  return dot(points, { x: '0', y: '1', fill, r: 5, stroke: GROUND, strokeWidth: 1.5, ...options });
}

/** Arrows from points to points. */
export function arrows(from: readonly Point[], to: readonly Point[], stroke: string, options: object = {}): Markish {
  const [x1, y1, x2, y2] = [from.map(([x]) => x), from.map(([, y]) => y), to.map(([x]) => x), to.map(([, y]) => y)];
  return arrow(from, { x1, y1, x2, y2, stroke, strokeWidth: 2, headLength: 8, headAngle: 50, ...options });
}

/** Words at a point. */
export function words(at: Point, says: string, fill: string, options: object = {}): Markish {
  return text([says], { x: [at[0]], y: [at[1]], fill, fontSize: 12, stroke: GROUND, strokeWidth: 3, ...options });
}

/** A rectangle from x to x + 1 and y to y + 1 for each entry of a matrix, the first row on top: its colour, or null. */
export function tiles(colours: readonly (readonly (string | null)[])[], gap = 0.04): Markish[] {
  const all = colours.flatMap((row, i) => row.map((fill, j) => ({ i, j, fill })));
  const byColour = new Map<string, typeof all>();
  for (const one of all) if (one.fill !== null) byColour.set(one.fill, [...(byColour.get(one.fill) ?? []), one]);
  const rows = colours.length;
  return [...byColour].map(([fill, cells]) =>
    rect(cells, {
      x1: ({ j }) => j + gap,
      x2: ({ j }) => j + 1 - gap,
      y1: ({ i }) => rows - i - 1 + gap,
      y2: ({ i }) => rows - i - gap,
      fill,
    }),
  );
}

/** Bars from 0 to each value, a unit apart, their middles at 0, 1, 2 … */
export function bars(values: readonly number[], fill: string | ((i: number) => string), options: object = {}): Markish {
  return rect(values, {
    x1: (_, i) => i - 0.4,
    x2: (_, i) => i + 0.4,
    y1: () => 0,
    y2: (value) => value,
    fill: typeof fill === 'string' ? fill : (_, i) => fill(i),
    ...options,
  });
}

/** Bars about 0 begin here: they need no rule through the first. */
const BAR = -0.7;

/** A chart over linear axes. */
export interface Chart {
  readonly heading?: string | undefined;
  readonly x: Range;
  readonly y: Range;
  readonly xLabel?: string | undefined;
  readonly xTicks?: readonly number[] | undefined;
  readonly yTicks?: readonly number[] | undefined;
  readonly xReads?: ((tick: number) => string) | undefined;
  readonly yReads?: ((tick: number) => string) | undefined;
  readonly marks: readonly Markish[];
  readonly share?: number | undefined;
  readonly left?: number | undefined;
  /** Rules at 0; by default there are. */
  readonly zero?: boolean | undefined;
}

/** Axes, faint lines at the ticks, a rule at 0, and the marks. */
export function chart({
  heading,
  x,
  y,
  xLabel,
  xTicks,
  yTicks,
  xReads,
  yReads,
  marks,
  share,
  left = 42,
  zero = true,
}: Chart): Panel {
  const sign = (value: number) => String(value).replace('-', '−');
  return {
    heading,
    share,
    marginLeft: left,
    marginRight: 16,
    marginTop: heading === undefined ? 8 : 24,
    marginBottom: xLabel === undefined ? 22 : 38,
    x: { domain: [...x] },
    y: { domain: [...y] },
    color: { type: 'identity' },
    marks: [
      gridY(yTicks ?? [], { stroke: FAINT, strokeOpacity: 1 }),
      axisY(yTicks ?? [], { label: null, tickFormat: yReads ?? sign, fill: MUTED, tickSize: 0, fontSize: 11.5 }),
      axisX(xTicks ?? [], {
        label: xLabel ?? null,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 34,
        tickFormat: xReads ?? sign,
        fill: MUTED,
        tickSize: 3,
        fontSize: 11.5,
      }),
      ...(zero && y[0] <= 0 && y[1] >= 0 ? [ruleY([0], { stroke: MUTED })] : []),
      ...(zero && x[0] < BAR && x[1] > 0 ? [ruleX([0], { stroke: MUTED, strokeOpacity: 0.6 })] : []),
      ...marks,
    ],
  };
}

/** A square-ish field without axes, for tiles: `columns` by `rows` units. */
export function field(heading: string, columns: number, rows: number, marks: readonly Markish[], margin = 10): Panel {
  return {
    heading,
    marginLeft: margin,
    marginRight: margin,
    marginTop: 22,
    marginBottom: 4,
    x: { domain: [0, columns], axis: null },
    y: { domain: [0, rows], axis: null },
    color: { type: 'identity' },
    marks: [...marks],
  };
}

/** A number with a true minus. */
export function num(value: number, digits = 2): string {
  const rounded = value.toFixed(digits);
  return (Number(rounded) === 0 ? rounded.replace('-', '') : rounded).replace('-', '−');
}
