import { assertObject } from '../array/argument-check.ts';
import { InputError, show } from '../errors.ts';
import { type ActivityCounts, requireHistogram } from './activity-histogram.ts';
import { axisX, rectY, ruleY } from './plot.ts';
import { tickRoom, toSvg, xLabel, yAxis } from './svg.ts';
import { linearAxis, shortNumber } from './ticks.ts';

const WIDTH = 760;
const HEIGHT = 360;
const DEAD = '#c8202f';

/** counts[i] units have log₁₀(share of examples in which they fire) in [edges[i], edges[i + 1]). */
export interface DensityCounts extends ActivityCounts {
  /** Units that never fire. */
  readonly dead: number;
}

/**
 * A standalone SVG: how many units fire how often, over log₁₀ of the share of examples, with the units that never fire in a
 * bar of their own at the left. Throws an InputError if edges and counts do not fit, or count nothing.
 */
export function densityHistogram(density: DensityCounts): string {
  assertObject(density, 'the histogram', '{ edges: [-1, -0.5, 0], counts: [3, 1], dead: 2 }');
  const { edges, counts, dead } = density;
  if (!Number.isInteger(dead) || dead < 0) {
    throw new InputError(`dead is ${show(dead)}: it must be a whole number, 0 or more`);
  }
  requireHistogram(density, dead);
  const end = edges[edges.length - 1];
  const width = edges[1] - edges[0];
  // Whole decades are labelled; the bar of the dead stands a bin's width to the left of all others.
  const first = Math.min(Math.floor(edges[0]), end - 1);
  const apart = { from: first - 3 * width, to: first - width };
  const decades = Array.from({ length: Math.round(end - first) + 1 }, (_, i) => first + i);
  const y = linearAxis(0, Math.max(1, dead, ...counts), 5, 1);
  const bins = counts.map((units, i) => ({ from: edges[i], to: edges[i + 1], units })).filter(({ units }) => units > 0);
  const ticks = [(apart.from + apart.to) / 2, ...decades];
  return toSvg({
    title: titleOf(density),
    width: WIDTH,
    height: HEIGHT,
    yLabel: 'units',
    marginTop: 68,
    marginLeft: tickRoom(y),
    marginBottom: 52,
    marginRight: 24,
    x: { domain: [apart.from - width, Math.max(0, end)] },
    y: { domain: y.domain },
    marks: [
      ...yAxis(y),
      axisX(ticks, {
        tickFormat: (tick: number) => (tick < first ? 'never' : String(tick)),
        ...xLabel('log₁₀ of the share of the examples on which a unit fires'),
      }),
      rectY(bins, { x1: 'from', x2: 'to', y: 'units', fill: '#7ba3e3', inset: 0.5 }),
      rectY(dead > 0 ? [{ ...apart, units: dead }] : [], { x1: 'from', x2: 'to', y: 'units', fill: DEAD, inset: 0.5 }),
      ruleY([0]),
    ],
  });
}

function titleOf({ counts, dead }: DensityCounts): string {
  const units = counts.reduce((sum, count) => sum + count, dead);
  const never = dead === 0 ? 'none never' : `${dead} never, ${shortNumber((100 * dead) / units, 3)}%`;
  return `How often ${units === 1 ? '1 unit fires' : `${units} units fire`}: ${never}`;
}
