import { assertList, assertObject } from '../array/argument-check.ts';
import { InputError } from '../errors.ts';
import { tickRoom, ticksIn, xLabel, yAxis } from './axes.ts';
import { axisX, rectY } from './plot.ts';
import { toSvg } from './svg.ts';
import { colours } from './theme.ts';
import { linearAxis, logAxis } from './ticks.ts';
import { widthOf } from './width.ts';

/** Where the logarithmic axis begins, so that a single count has a height. */
const FLOOR = 0.5;

/** counts[i] values lie in [edges[i], edges[i + 1]). */
export interface ActivityCounts {
  /** Of the bins, rising, one more than there are bins. */
  readonly edges: readonly number[];
  /** Of each bin. */
  readonly counts: readonly number[];
}

/** Title, labels and size of the figure. */
export interface ActivityHistogramOptions {
  /** Above the figure; default 'Activations of all hidden units'. */
  readonly title?: string | undefined;
  /** What is counted; default 'activation'. */
  readonly xLabel?: string | undefined;
  /** Of the logarithmic y axis; default 'count over examples and units, logarithmic'. */
  readonly yLabel?: string | undefined;
  /** In pixels; default 760. */
  readonly width?: number | undefined;
  /** In pixels; default 360. */
  readonly height?: number | undefined;
}

/**
 * A standalone SVG: how often hidden units take each activation, counted over all examples and units, on a logarithmic
 * axis that begins at ½; empty bins stay empty. Throws an InputError if edges and counts do not fit, are not finite, or
 * count nothing. [Makhzani & Frey, "k-Sparse autoencoders", figure 4]
 */
export function activityHistogram(histogram: ActivityCounts, options: ActivityHistogramOptions = {}): string {
  requireHistogram(histogram);
  const { edges, counts } = histogram;
  const { title = 'Activations of all hidden units', xLabel: what = 'activation', height = 360 } = options;
  const width = widthOf(options.width);
  const x = linearAxis(edges[0], edges[edges.length - 1], ticksIn(width - 90, 4));
  const y = logAxis(1, Math.max(10, ...counts));
  const bins = counts
    .map((count, i) => ({ from: edges[i], to: edges[i + 1], floor: FLOOR, count }))
    .filter(({ count }) => count > 0);
  return toSvg({
    title,
    width,
    height,
    exact: options.height !== undefined,
    yLabel: options.yLabel ?? 'count over examples and units, logarithmic',
    marginLeft: tickRoom(y),
    marginRight: 24,
    x: { domain: x.domain },
    y: { type: 'log', domain: [FLOOR, y.domain[1]] },
    marks: [
      ...yAxis(y),
      axisX(x.ticks, { tickFormat: x.label, ...xLabel(what) }),
      rectY(bins, { x1: 'from', x2: 'to', y1: 'floor', y2: 'count', fill: colours.bar, inset: 0.5 }),
    ],
  });
}

/** `others` are counted elsewhere. @throws InputError unless edges and counts make a histogram of something. */
export function requireHistogram(histogram: ActivityCounts, others = 0): void {
  assertObject(histogram, 'the histogram', '{ edges: [0, 0.5, 1], counts: [3, 1] }');
  const { edges, counts } = histogram;
  assertList(edges, 'edges', 'numbers; the histogram of what await inspect(…) gives has them');
  assertList(counts, 'counts', 'numbers, one less than edges');
  if (edges.length !== counts.length + 1) {
    throw new InputError(`there are ${edges.length} edges and ${counts.length} counts: give one edge more than counts`);
  }
  const bad = edges.findIndex((edge, i) => !Number.isFinite(edge) || (i > 0 && !(edge > edges[i - 1])));
  if (bad >= 0) throw new InputError(`edge ${bad} is ${edges[bad]}: edges must be finite and rise`);
  const wrong = counts.findIndex((count) => !Number.isInteger(count) || count < 0);
  if (wrong >= 0) throw new InputError(`count ${wrong} is ${counts[wrong]}: counts must be whole numbers, 0 or more`);
  if (others === 0 && !counts.some((count) => count > 0))
    throw new InputError('the histogram is empty: there is nothing to draw');
}
