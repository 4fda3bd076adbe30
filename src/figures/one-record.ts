import { ticksIn, xLabel } from './axes.ts';
import { GLYPH } from './glyph.ts';
import { axisX, rectY, ruleX, text } from './plot.ts';
import type { Series } from './series.ts';
import { toSvg } from './svg.ts';
import { linearAxis, shortNumber } from './ticks.ts';
import { clean, shorten } from './words.ts';

const ROW = 34;
/** What stands around the frame, and a row's name above its bar. */
const AROUND = 120;

/** A history of one record has no curve: its values as bars, a name and a value over each. */
export function oneRecord(series: readonly Series[], title: string, width: number): string {
  const values = series.map(({ points }) => points[0][1]);
  const axis = linearAxis(Math.min(0, ...values), Math.max(0, ...values), ticksIn(width - 48, 8));
  const margin = Math.max(24, 4 + (GLYPH / 2) * Math.max(...axis.ticks.map((tick) => axis.label(tick).length)));
  const frame = width - 2 * margin;
  const rows = series.map(({ name, color, points: [[, value]] }, i) => ({
    words: `${shorten(clean(name), Math.floor(frame / GLYPH) - 14)} ${shortNumber(value)}`,
    from: Math.min(0, value),
    to: Math.max(0, value),
    top: i + 0.55,
    bottom: i + 0.95,
    color,
  }));
  return toSvg({
    title,
    notes: ['One record, so no curve yet: these are its values.'],
    yLabel: 'cost and its terms',
    width,
    height: AROUND + ROW * rows.length,
    marginLeft: margin,
    marginRight: margin,
    x: { domain: axis.domain },
    y: { domain: [rows.length, 0], axis: null },
    marks: [
      axisX(axis.ticks, { tickFormat: axis.label, ...xLabel('cost') }),
      rectY(rows, { x1: 'from', x2: 'to', y1: 'top', y2: 'bottom', fill: 'color' }),
      ruleX([0]),
      ...rows.map(({ words, from, color, top }) =>
        text([words], { x: [from], y: [top], dx: 4, dy: -4, textAnchor: 'start', lineAnchor: 'bottom', fill: color }),
      ),
    ],
  });
}
