import { endLabels } from './end-labels.ts';
import { axisX, dot, line, type Markish, ruleX, ruleY } from './plot.ts';
import { GLYPH, tickRoom, toSvg, xLabel, yAxis } from './svg.ts';
import type { Point } from './thin.ts';
import type { Axis } from './ticks.ts';

/** A function or a path, with its name at the right end. */
export interface Line {
  readonly name: string;
  readonly color: string;
  /** Pieces that are not joined: more than one where the function jumps. All lie within the axes. */
  readonly pieces: readonly (readonly Point[])[];
  /** Points that are marked. */
  readonly dots?: readonly Point[] | undefined;
}

/** A figure of a few lines over linear axes. */
export interface LineChart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  readonly marks?: readonly Markish[] | undefined;
}

const WIDTH = 760;
const HEIGHT = 400;
const MARGINS = { marginTop: 68, marginBottom: 52 };

/** A standalone SVG: lines with their names at the right, a thin rule at zero of either axis that reaches beyond it. */
export function lineChart({ title, x, y, lines, marks = [], ...labels }: LineChart): string {
  const [left, right] = x.domain;
  const [bottom] = y.domain;
  return toSvg({
    title,
    width: WIDTH,
    height: HEIGHT,
    yLabel: labels.yLabel,
    ...MARGINS,
    marginLeft: tickRoom(y),
    marginRight: 24 + GLYPH * Math.max(...lines.map(({ name }) => name.length)),
    x: { domain: x.domain },
    y: { domain: y.domain },
    marks: [
      ...yAxis(y),
      axisX(x.ticks, { tickFormat: x.label, ...xLabel(labels.xLabel) }),
      ruleY([bottom]),
      ...(bottom < 0 ? [ruleY([0], { strokeOpacity: 0.45 })] : []),
      ...(left < 0 ? [ruleX([0], { strokeOpacity: 0.25 })] : []),
      ...lines.flatMap(lineMarks),
      ...marks,
      ...endLabels(
        lines.map(({ name, color, pieces }) => {
          const end = pieces[pieces.length - 1];
          return { text: name, color, value: end[end.length - 1][1] };
        }),
        { axis: y, x: right, height: HEIGHT - MARGINS.marginTop - MARGINS.marginBottom },
      ),
    ],
  });
}

function lineMarks({ name, color, pieces, dots = [] }: Line): Markish[] {
  const ariaLabel = () => name; // a function, because Plot reads a string here as the name of a field
  const curves = pieces.map((points) => line(points, { x: '0', y: '1', stroke: color, strokeWidth: 2, ariaLabel }));
  return dots.length === 0 ? curves : [...curves, dot(dots, { x: '0', y: '1', fill: color, r: 3 })];
}
