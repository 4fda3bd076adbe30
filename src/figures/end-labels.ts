import { type Markish, text } from './plot.ts';
import { spread } from './spread.ts';
import type { Axis } from './ticks.ts';

const LABEL_GAP = 16;

/** What stands at the right end of a curve. */
export interface EndLabel {
  readonly text: string;
  /** The curve's last value. */
  readonly value: number;
  readonly color: string;
  readonly bold?: boolean | undefined;
}

/** Labels right of x, each at the height where its curve ends, moved up or down where two would touch. */
export function endLabels(
  labels: readonly EndLabel[],
  { axis, x, height }: { readonly axis: Axis; readonly x: number; readonly height: number },
): Markish[] {
  const places = spread(
    labels.map(({ value }) => height * (1 - share(value, axis))),
    LABEL_GAP,
    height,
  );
  return labels.map((label, i) =>
    text([label.text], {
      x: [x],
      y: [axis.domain[1]],
      dx: 10,
      dy: places[i],
      textAnchor: 'start',
      fill: label.color,
      fontWeight: label.bold ? 'bold' : undefined,
    }),
  );
}

/** Where a value stands between the axis's ends: 0 at the bottom, 1 at the top. */
function share(value: number, { type, domain }: Axis): number {
  const at = (v: number) => (type === 'log' ? Math.log(Math.max(v, domain[0])) : v);
  return (at(value) - at(domain[0])) / (at(domain[1]) - at(domain[0]));
}
