import { axisFx, axisX, axisY, barX, gridX, ruleX, text } from '@observablehq/plot';
import { xLabel } from '../../src/figures/axes.ts';
import { GLYPH } from '../../src/figures/glyph.ts';
import { TOP, toSvg } from '../../src/figures/svg.ts';

/** One bar: in the panel of a row and a column of panels. */
export interface Bar {
  readonly who: string;
  readonly value: number;
  readonly row: string;
  readonly column: string;
  readonly ours: boolean;
}

/** Titles are plain words, without < and &. */
export interface BarChart {
  readonly title: string;
  /** What tells the rows of panels apart. */
  readonly subtitle: string;
  readonly xLabel: string;
  readonly bars: readonly Bar[];
}

export interface Picture extends Pick<BarChart, 'title' | 'subtitle'> {
  readonly svg: string;
  readonly height: number;
}

export const WIDTH = 900;
const BAR = 17;
/** Above each row of panels, for its name. */
const ROW_TITLE = 26;
const MARGIN_TOP = 96;
const MARGIN_BOTTOM = 48;
const COLORS = { ours: '#1f5fa8', others: '#b9bec6' };

/** Panels of horizontal bars from 0, ours in blue, each with its figure. */
export function barChart({ bars, title, subtitle, ...labels }: BarChart): Picture {
  const names = [...new Set(bars.map(({ who }) => who))];
  const rows = [...new Set(bars.map(({ row }) => row))];
  const columns = [...new Set(bars.map(({ column }) => column))];
  const panel = names.length * BAR + ROW_TITLE;
  const height = MARGIN_TOP + MARGIN_BOTTOM + rows.length * panel;
  const above = MARGIN_TOP - TOP;
  const most = Math.max(...bars.map(({ value }) => value));
  const facet = { fx: 'column', fy: 'row' };
  const named = rows.map((row) => ({ row, column: columns[0] }));
  const svg = toSvg({
    ...{ title: '', yLabel: '' }, // Plot would repeat them in every panel
    ...{ width: WIDTH, height: height - above, above, marginBottom: MARGIN_BOTTOM },
    marginLeft: 20 + GLYPH * Math.max(...names.map((name) => name.length)),
    marginRight: 20,
    x: { domain: [0, 1.18 * most] },
    y: { domain: names, padding: 0.15 },
    fx: { domain: columns, padding: 0.06, axis: null },
    fy: { domain: rows, padding: ROW_TITLE / panel, axis: null },
    marks: [
      gridX({ strokeOpacity: 0.12 }),
      axisX({ ...xLabel(labels.xLabel), ticks: 5 }),
      axisY({ label: null, tickSize: 0 }),
      ...(columns.length > 1 ? [axisFx({ label: null, anchor: 'top', dy: -22 })] : []),
      barX(bars, {
        ...facet,
        ...{ x: 'value', y: 'who', fill: ({ ours }: Bar) => (ours ? COLORS.ours : COLORS.others) },
      }),
      text(bars, {
        ...facet,
        ...{ x: 'value', y: 'who', textAnchor: 'start', dx: 4, fontSize: 11 },
        text: ({ value }: Bar) => (value >= 100 ? value.toFixed(0) : value.toPrecision(2)),
      }),
      ruleX([0]),
      text(named, {
        ...facet,
        ...{ text: 'row', frameAnchor: 'top-left', lineAnchor: 'bottom', textAnchor: 'start' },
        ...{ dy: -4, fontWeight: 'bold' },
      }),
    ],
  });
  return { svg, height, title, subtitle };
}

/** Pictures one under the other, in one file. */
export function stackPictures(pictures: readonly Picture[]): string {
  const height = pictures.reduce((sum, picture) => sum + picture.height, 0);
  let top = 0;
  const inner = pictures.map(({ svg, title, subtitle, ...picture }) => {
    const placed = svg.replace('<svg ', `<svg y="${top}" `);
    const words =
      `<text x="12" y="${top + 28}" font-size="15" font-weight="bold">${title}</text>` +
      `<text x="12" y="${top + 50}" font-size="12">${subtitle}</text>`;
    top += picture.height;
    return placed + words;
  });
  const size = `width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"`;
  const font = 'font-family="system-ui, DejaVu Sans, Arial, sans-serif" fill="#1b1b1b"';
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="Benchmark results" ${size} ${font}>${inner.join('\n')}</svg>\n`;
}
