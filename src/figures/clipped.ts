import { type Markish, text } from './plot.ts';
import type { Series } from './series.ts';
import { type Axis, shortNumber } from './ticks.ts';
import { beyond } from './value-axis.ts';

/** Of a side, the marks that have room. */
const MOST_MARKS = 4;
const ROW = 14;

/** The most extreme point of a run of points beyond the axis. */
interface Clipped {
  readonly step: number;
  readonly value: number;
  readonly side: 1 | -1;
  readonly color: string;
}

/** ▲ and ▼ where curves leave the axis, with the value of the farthest point there; the farthest ones, where there are many. */
export function clippedMarks(
  series: readonly Series[],
  axis: Axis,
  [first, last]: readonly [number, number],
): Markish[] {
  const all = series.flatMap((one) => clippedRuns(one, axis));
  return ([1, -1] as const).flatMap((side) => {
    const far = all
      .filter((one) => one.side === side)
      .sort((a, b) => side * (b.value - a.value))
      .slice(0, MOST_MARKS);
    return far.map(({ step, value, color }, row) => {
      const right = step - first < 0.6 * (last - first);
      const arrow = side === 1 ? '▲' : '▼';
      return text([right ? `${arrow} ${shortNumber(value, 3)}` : `${shortNumber(value, 3)} ${arrow}`], {
        x: [step],
        y: [axis.domain[side === 1 ? 1 : 0]],
        dx: right ? -4 : 4,
        // Each on a line of its own: those of several curves stand at one step.
        dy: side * (9 + ROW * row),
        textAnchor: right ? 'start' : 'end',
        fill: color,
      });
    });
  });
}

/** Whether a point of any curve lies beyond the axis. */
export function isClipped(series: readonly Series[], axis: Axis): boolean {
  return series.some(({ points }) => points.some(([, value]) => beyond(value, axis) !== 0));
}

function clippedRuns({ points, color }: Series, axis: Axis): Clipped[] {
  const runs: Clipped[] = [];
  let before = 0;
  for (const [step, value] of points) {
    const side = beyond(value, axis);
    const last = runs[runs.length - 1];
    if (side !== 0 && side !== before) runs.push({ step, value, side, color });
    else if (side !== 0 && side * (value - last.value) > 0) runs[runs.length - 1] = { step, value, side, color };
    before = side;
  }
  return runs;
}
