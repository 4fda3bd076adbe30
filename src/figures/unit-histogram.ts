import { tickRoom, xLabel, yAxis } from './axes.ts';
import { axisX, type Markish, rectY, ruleY, text } from './plot.ts';
import { toSvg } from './svg.ts';
import { colours } from './theme.ts';
import { type Axis, linearAxis } from './ticks.ts';
import { NARROW } from './width.ts';

const HEIGHT = 360;
/** The bar that stands apart, and the gap beside it, are at least this share of the axis. */
const APART = { wide: 1 / 12, narrow: 1 / 7 };

/** A bar apart that is so many times as high as all others is cut off. */
const MOST_TIMES = 3;

/** So many units lie in [from, to). */
export interface UnitBin {
  readonly from: number;
  readonly to: number;
  readonly units: number;
}

/** How units are spread over an axis. */
export interface UnitHistogram {
  readonly title: string;
  readonly notes: readonly string[];
  readonly xLabel: string;
  readonly width: number;
  readonly above?: number | undefined;
  readonly axis: Pick<Axis, 'domain' | 'ticks' | 'label'>;
  readonly bins: readonly UnitBin[];
  /** Units that have no place on the axis: a grey bar left of it, under a name of its own. */
  readonly apart?: { readonly name: string; readonly units: number } | undefined;
  readonly marks?: readonly Markish[] | undefined;
}

/** A standalone SVG: a bar for each bin, and one apart. */
export function unitHistogram({
  title,
  notes,
  width,
  above,
  axis,
  bins,
  apart,
  marks = [],
  ...labels
}: UnitHistogram): string {
  const [low, high] = axis.domain;
  const least = Math.min(...bins.map(({ from, to }) => to - from));
  const wide = Math.max(
    Number.isFinite(least) ? least : 0,
    (width < NARROW ? APART.narrow : APART.wide) * (high - low),
  );
  const tallest = Math.max(1, ...bins.map(({ units }) => units));
  // The dead of a large dictionary would leave the living no height.
  const isCut = apart !== undefined && bins.length > 0 && apart.units > MOST_TIMES * tallest;
  const counts = linearAxis(0, Math.max(tallest, isCut ? 0 : (apart?.units ?? 0)), 5, 1);
  const [, top] = counts.domain;
  const grey =
    apart === undefined || apart.units === 0
      ? []
      : [{ from: low - 2 * wide, to: low - wide, units: Math.min(top, apart.units) }];
  const centre = low - 1.5 * wide;
  return toSvg({
    title,
    notes: isCut ? [...notes, '▲ a bar that is higher than the axis, with its count.'] : notes,
    yLabel: 'units',
    width,
    height: HEIGHT,
    above,
    marginLeft: tickRoom(counts),
    marginRight: 24,
    x: { domain: [apart === undefined ? low : low - 2.5 * wide, high] },
    y: { domain: counts.domain },
    marks: [
      ...yAxis(counts),
      axisX(apart === undefined ? axis.ticks : [centre, ...axis.ticks], {
        tickFormat: (tick: number) => (apart !== undefined && tick < low ? apart.name : axis.label(tick)),
        ...xLabel(labels.xLabel),
      }),
      rectY(bins, { x1: 'from', x2: 'to', y: 'units', fill: colours.bar, inset: 0.5 }),
      rectY(grey, { x1: 'from', x2: 'to', y: 'units', fill: colours.dead, inset: 0.5 }),
      ...(apart === undefined || apart.units === 0
        ? []
        : [
            text([isCut ? `▲ ${apart.units}` : String(apart.units)], {
              ...{ x: [centre], y: [Math.min(top, apart.units)], dy: -4, lineAnchor: 'bottom' },
            }),
          ]),
      ruleY([0]),
      ...marks,
    ],
  });
}
