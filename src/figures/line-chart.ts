import { tickRoom, ticksIn, xLabel, yAxis } from './axes.ts';
import { endLabels } from './end-labels.ts';
import { GLYPH } from './glyph.ts';
import { axisX, dot, line, type Markish, ruleX, ruleY } from './plot.ts';
import { BOTTOM, TOP, toSvg } from './svg.ts';
import type { Point } from './thin.ts';
import type { Axis } from './ticks.ts';
import { NARROW, widthOf } from './width.ts';

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
  /** In pixels; default 760. Below 560 names stand below the lines. */
  readonly width?: number | undefined;
}

const HEIGHT = 400;

/** A standalone SVG: lines with their names at the right, a thin rule at zero of either axis that reaches beyond it. */
export function lineChart({ title, x, y, lines, marks = [], ...labels }: LineChart): string {
  const [left, right] = x.domain;
  const [bottom] = y.domain;
  const width = widthOf(labels.width);
  const narrow = width < NARROW;
  const marginLeft = tickRoom(y);
  const marginRight = narrow ? 24 : 24 + GLYPH * Math.max(...lines.map(({ name }) => name.length));
  const every = !narrow ? 1 : Math.ceil(x.ticks.length / (ticksIn(width - marginLeft - marginRight, 4) + 2));
  const ends = lines.map(({ name, color, pieces }) => {
    const end = pieces[pieces.length - 1];
    return { text: name, color, value: end[end.length - 1][1] };
  });
  return toSvg({
    title,
    width,
    height: HEIGHT,
    yLabel: labels.yLabel,
    legend: narrow ? ends : [],
    marginLeft,
    marginRight,
    x: { domain: x.domain },
    y: { domain: y.domain },
    marks: [
      ...yAxis(y),
      axisX(
        x.ticks.filter((_, i) => i % every === 0),
        { tickFormat: x.label, ...xLabel(labels.xLabel) },
      ),
      ruleY([bottom]),
      ...(bottom < 0 ? [ruleY([0], { strokeOpacity: 0.45 })] : []),
      ...(left < 0 ? [ruleX([0], { strokeOpacity: 0.25 })] : []),
      ...lines.flatMap(lineMarks),
      ...marks,
      ...(narrow ? [] : endLabels(ends, { axis: y, x: right, height: HEIGHT - TOP - BOTTOM })),
    ],
  });
}

function lineMarks({ name, color, pieces, dots = [] }: Line): Markish[] {
  const ariaLabel = () => name; // a function, because Plot reads a string here as the name of a field
  const curves = pieces.map((points) => line(points, { x: '0', y: '1', stroke: color, strokeWidth: 2, ariaLabel }));
  return dots.length === 0 ? curves : [...curves, dot(dots, { x: '0', y: '1', fill: color, r: 3 })];
}
