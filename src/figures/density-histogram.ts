import { assertObject } from '../array/argument-check.ts';
import { InputError, show } from '../errors.ts';
import { type ActivityCounts, requireHistogram } from './activity-histogram.ts';
import type { FigureSize } from './penalty-curves.ts';
import { shortNumber } from './ticks.ts';
import { unitHistogram } from './unit-histogram.ts';
import { NARROW, widthOf } from './width.ts';

/** counts[i] units have log₁₀(share of examples in which they fire) in [edges[i], edges[i + 1]). */
export interface DensityCounts extends ActivityCounts {
  /** Units that never fire. */
  readonly dead: number;
}

/**
 * A standalone SVG: how many units fire how often, over log₁₀ of the share of examples, with the units that never fire in a
 * bar of their own at the left. Throws an InputError if edges and counts do not fit, or count nothing.
 */
export function densityHistogram(density: DensityCounts, options: FigureSize = {}): string {
  assertObject(density, 'the histogram', '{ edges: [-1, -0.5, 0], counts: [3, 1], dead: 2 }');
  const { edges, counts, dead } = density;
  if (!Number.isInteger(dead) || dead < 0) {
    throw new InputError(`dead is ${show(dead)}: it must be a whole number, 0 or more`);
  }
  requireHistogram(density, dead);
  const width = widthOf(options.width);
  const end = Math.max(0, edges[edges.length - 1]);
  const first = Math.min(Math.floor(edges[0]), end - 1); // whole decades are labelled
  const decades = Array.from({ length: Math.round(end - first) + 1 }, (_, i) => first + i);
  return unitHistogram({
    title: titleOf(density),
    notes: ['0 is every example, −1 one in ten, −3 one in a thousand; grey: units that are 0 on all of them.'],
    xLabel:
      width < NARROW
        ? 'log₁₀ share of examples it fires on'
        : 'log₁₀ of the share of the examples on which a unit fires',
    width,
    axis: { domain: [first, end], ticks: decades, label: String },
    bins: counts.map((units, i) => ({ from: edges[i], to: edges[i + 1], units })).filter(({ units }) => units > 0),
    apart: { name: 'never', units: dead },
  });
}

function titleOf({ counts, dead }: DensityCounts): string {
  const units = counts.reduce((sum, count) => sum + count, dead);
  const never = dead === 0 ? 'none never' : `${dead} never, ${shortNumber((100 * dead) / units, 3)}%`;
  return `How often ${units === 1 ? '1 unit fires' : `${units} units fire`}: ${never}`;
}
