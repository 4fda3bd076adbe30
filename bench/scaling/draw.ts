import { type Line, lineChart } from '../../src/figures/line-chart.ts';
import { panels } from '../../src/figures/panels.ts';
import { termColours } from '../../src/figures/theme.ts';
import type { Axis } from '../../src/figures/ticks.ts';
import type { Curve } from './simulate.ts';
import { COUNTS, nameOf, SHARED } from './works.ts';

const WIDTH = 540;
/** Of the axes, in doublings. */
const MOST = COUNTS.length - 1;
const LEAST = -3;

function doublings(from: number, every: number): Axis {
  const ticks: number[] = [];
  for (let t = Math.ceil(from / every) * every; t <= MOST; t += every) ticks.push(t);
  const label = (t: number) => (t < 0 ? `1/${2 ** -t}` : (2 ** t).toLocaleString('en'));
  return { type: 'linear', domain: [from, MOST], ticks, label };
}

function chart(curves: readonly Curve[]): string {
  const [{ work, sharing }] = curves;
  const lines = curves.map(({ link, points }, i): Line => {
    const shown = points.filter(({ speedUp }) => speedUp >= 2 ** LEAST);
    const dots = shown.map(({ p, speedUp }) => [Math.log2(p), Math.log2(speedUp)] as const);
    return { name: link, color: termColours[i % termColours.length], pieces: [dots], dots };
  });
  return lineChart({
    title: `${nameOf(work)}, ${SHARED[sharing]}`,
    xLabel: 'processes',
    yLabel: 'times as fast as one',
    x: doublings(0, 2),
    y: doublings(LEAST, 2),
    lines: lines.filter(({ pieces }) => pieces[0].length > 0),
    width: WIDTH,
  });
}

/** One SVG: a panel a network and way of sharing, a curve a link. */
export function drawCurves(curves: readonly Curve[]): string {
  const names = [...new Set(curves.map(({ work, sharing }) => `${nameOf(work)} ${sharing}`))];
  const charts = names.map((name) =>
    chart(curves.filter(({ work, sharing }) => `${nameOf(work)} ${sharing}` === name)),
  );
  return `${panels(charts, { columns: 2 })}\n`;
}
