import { InputError } from '../errors.ts';
import { tickRoom, ticksIn, xLabel, yAxis } from './axes.ts';
import type { FigureSize } from './penalty-curves.ts';
import { axisX, rectY, ruleX, text } from './plot.ts';
import { toSvg } from './svg.ts';
import { colours } from './theme.ts';
import { linearAxis, logAxis, shortNumber } from './ticks.ts';
import { widthOf } from './width.ts';

const HEIGHT = 340;
const BINS = 48;
/** Where the logarithmic axis of counts begins, so that a single one has a height. */
const FLOOR = 0.5;
/** Below this share of the median, scores count as that much: reconstructions that are all but exact. */
const LEAST = 1e-6;
/** Keeps a score that equals the threshold on its side of it, in the units of a bin's width. */
const ROUNDING = 1e-9;

/** What is marked in a histogram of scores. */
export interface ScoreHistogramOptions extends FigureSize {
  /** From which score on examples are flagged. */
  readonly threshold: number;
}

/**
 * A standalone SVG: how many examples have which anomaly score, both on logarithmic axes, those at or above the threshold in another colour.
 * @throws InputError where there are no scores, or one is not finite or below 0.
 */
export function scoreHistogram(scores: ArrayLike<number>, { threshold, ...options }: ScoreHistogramOptions): string {
  const sorted = Float64Array.from(scores).sort();
  const bad = sorted.findIndex((score) => !Number.isFinite(score) || score < 0);
  if (sorted.length === 0 || bad >= 0) {
    throw new InputError(
      `scores hold ${sorted.length === 0 ? 'nothing' : sorted[bad]}: give finite numbers, 0 or more`,
    );
  }
  const width = widthOf(options.width);
  const middle = sorted[sorted.length >> 1] || sorted[sorted.length - 1] || 1;
  const least = Math.max(sorted[0], LEAST * middle);
  const most = Math.max(sorted[sorted.length - 1], threshold, least);
  const [low, high] = [Math.log10(least), Math.log10(most)].map((end, i) =>
    most / least > 1.5 ? end : end + (i - 0.5),
  );
  // A bin ends at the threshold, so that none is flagged in part.
  const cut = Math.min(high, Math.max(low, Math.log10(Math.max(threshold, least))));
  const wide = (high - low) / BINS;
  const first = -Math.ceil((cut - low) / wide);
  const counts = new Array<number>(BINS + 2).fill(0);
  for (const score of sorted) {
    const at = Math.floor(
      (Math.log10(Math.max(score, least)) - cut) / wide + (score >= threshold ? ROUNDING : -ROUNDING),
    );
    counts[Math.max(0, Math.min(BINS + 1, at - first))]++;
  }
  const x = linearAxis(low, high, ticksIn(width - 90));
  const y = logAxis(1, Math.max(10, ...counts));
  const bins = counts
    .map((count, i) => ({
      from: cut + (i + first) * wide,
      to: cut + (i + 1 + first) * wide,
      floor: FLOOR,
      count,
      isFlagged: i + first >= 0,
    }))
    .filter(({ count }) => count > 0);
  const side = (cut - x.domain[0]) / (x.domain[1] - x.domain[0]) < 0.5 ? 'start' : 'end';
  return toSvg({
    title: `Scores of ${sorted.length} examples`,
    notes: [`Median ${shortNumber(middle, 3)}; both axes are logarithmic`],
    yLabel: 'examples',
    width,
    height: HEIGHT,
    above: 16,
    marginLeft: tickRoom(y),
    marginRight: 24,
    x: { domain: x.domain },
    y: { type: 'log', domain: [FLOOR, y.domain[1]] },
    marks: [
      ...yAxis(y),
      axisX(x.ticks, { tickFormat: x.label, ...xLabel('log₁₀ of the squared error of an example') }),
      rectY(bins, {
        ...{ x1: 'from', x2: 'to', y1: 'floor', y2: 'count', inset: 0.5 },
        fill: ({ isFlagged }: { isFlagged: boolean }) => (isFlagged ? colours.vermilion : colours.bar),
      }),
      ruleX([cut], { stroke: colours.ink, strokeWidth: 1.5, strokeDasharray: '5,3' }),
      text([`threshold ${shortNumber(threshold, 3)}`], {
        ...{ x: [cut], frameAnchor: 'top', lineAnchor: 'bottom', dy: -6, textAnchor: side, fontWeight: 'bold' },
      }),
    ],
  });
}
