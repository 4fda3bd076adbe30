import { GLYPH } from './glyph.ts';
import { type Markish, text } from './plot.ts';
import type { Series } from './series.ts';
import { colours } from './theme.ts';
import { type Axis, shortNumber } from './ticks.ts';
import { beyond } from './value-axis.ts';
import { shorten } from './words.ts';

/** Marks nearer to each other than this are one, the farthest: a share of the axis, and pixels that a value takes. */
const NEAR = { top: 0.4, bottom: 90 };

/** The farthest point of a run of points beyond the axis. */
interface Clipped {
  readonly name: string;
  readonly step: number;
  readonly value: number;
  readonly side: 1 | -1;
  readonly color: string;
}

/** Where the curves leave the frame. */
interface Place {
  readonly axis: Axis;
  readonly steps: readonly [number, number];
  /** Of the frame, in pixels. */
  readonly width: number;
}

/**
 * ▲ above the frame and ▼ within it where curves leave the axis, with the value of the farthest point there. Above, curves that leave
 * at the same place share a mark, which names them.
 */
export function clippedMarks(series: readonly Series[], place: Place): Markish[] {
  const all = series.flatMap((one) => clippedRuns(one, place.axis));
  const above = all.filter(({ side }) => side === 1);
  return [
    ...apart(above, NEAR.top, place).map((far) => topMark(far, above, place)),
    ...apart(
      all.filter(({ side }) => side === -1),
      NEAR.bottom / place.width,
      place,
    ).map((one) => mark(`▼ ${shortNumber(one.value, 3)}`, one, place, { lineAnchor: 'bottom', dy: -4 })),
  ];
}

/** Whether a point of any curve lies beyond the axis, above it with 1. */
export function isClipped(series: readonly Series[], axis: Axis, side?: 1 | -1): boolean {
  return series.some(({ points }) =>
    points.some(([, value]) => {
      const at = beyond(value, axis);
      return side === undefined ? at !== 0 : at === side;
    }),
  );
}

function topMark(far: Clipped, all: readonly Clipped[], place: Place): Markish {
  const together = all
    .filter(({ step }) => distance(step, far.step, place) < NEAR.top / 4)
    .sort((a, b) => b.value - a.value);
  const words = together.map(({ value, name }) => `${shortNumber(value, 3)} ${shorten(name, 20)}`).join(', ');
  const room = isLeft(far.step, place) ? rightOf(far.step, place) : 1 - rightOf(far.step, place);
  const most = Math.floor((room * place.width) / GLYPH) + 1;
  return mark(shorten(`▲ ${words}`, most), { ...far, color: colours.ink }, place, { lineAnchor: 'bottom', dy: -5 });
}

function mark(
  words: string,
  { step, side, color }: Clipped,
  place: Place,
  more: { readonly lineAnchor: 'bottom'; readonly dy: number },
): Markish {
  const left = isLeft(step, place);
  return text([words], {
    ...more,
    x: [step],
    y: [place.axis.domain[side === 1 ? 1 : 0]],
    dx: left ? -5 : 5,
    textAnchor: left ? 'start' : 'end',
    fill: color,
    // A border in the ground's colour, so that it is read over a curve.
    stroke: colours.ground,
    strokeWidth: 4,
  });
}

/** The farthest ones first; those that stand near one of them are left out. */
function apart(all: readonly Clipped[], near: number, place: Place): Clipped[] {
  const kept: Clipped[] = [];
  for (const one of [...all].sort((a, b) => a.side * (b.value - a.value))) {
    if (kept.every(({ step }) => distance(step, one.step, place) >= near)) kept.push(one);
  }
  return kept;
}

function distance(a: number, b: number, { steps: [first, last] }: Place): number {
  return Math.abs(a - b) / (last - first);
}

function isLeft(step: number, { steps: [first, last] }: Place): boolean {
  return step - first < 0.6 * (last - first);
}

/** The share of the frame that lies right of a step. */
function rightOf(step: number, { steps: [first, last] }: Place): number {
  return (last - step) / (last - first);
}

function clippedRuns({ points, color, name }: Series, axis: Axis): Clipped[] {
  const runs: Clipped[] = [];
  let before = 0;
  for (const [step, value] of points) {
    const side = beyond(value, axis);
    const last = runs[runs.length - 1];
    if (side !== 0 && side !== before) runs.push({ name, step, value, side, color });
    else if (side !== 0 && side * (value - last.value) > 0) runs[runs.length - 1] = { name, step, value, side, color };
    before = side;
  }
  return runs;
}
