import uPlot from 'uplot';
import { axis, Chart, pageColour } from './chart.ts';

/** How many are in which bin. */
export interface Bins {
  /** One more than there are counts, rising. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  /** Of a bar of its own, at the left. */
  readonly dead?: number;
  readonly label: string;
  /** A value that is marked, and how it reads. */
  readonly mark?: { readonly at: number; readonly says: string } | null;
  /** Labels of whole numbers of the axis; its own where there are none. */
  readonly ticks?: (value: number) => string;
}

const EMPTY: Bins = { edges: [0, 1], counts: [0], label: '' };
/** Of the axis, for the dead. */
const ASIDE = 0.1;
/** Pixels from the middle of the word under the bar of the dead to that of a number beside it, and more a digit. */
const WORD = 18;
const DIGIT = 4;
const FINE = [-4, -3, -2, -1, 0].flatMap((power) => [1, 2, 5].map((step) => Number(`${step}e${power}`)));
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];

/** Bars on a linear axis, one for the dead aside, and a marked value. */
export class Histogram {
  private readonly chart: Chart;
  private bins = EMPTY;

  constructor(host: HTMLElement, height: number) {
    this.chart = new Chart(
      host,
      {
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: () => this.range() },
          y: { range: () => [0, Math.max(1, this.bins.dead ?? 0, ...this.bins.counts)] },
        },
        axes: [
          axis('', 34, {
            incrs: () => (this.bins.ticks ? WHOLE : FINE),
            values: (plot, values) => values.map((value) => this.tick(plot, value)),
          }),
          axis('units', 40, { incrs: WHOLE, size: () => (Math.max(...this.bins.counts) > 999 ? 52 : 40) }),
        ],
        series: [{}, { points: { show: false }, paths: () => null }],
        hooks: { draw: [(plot) => this.bars(plot), (plot) => this.mark(plot)] },
      },
      height,
      [[0], [0]],
    );
  }

  draw(bins: Bins): void {
    this.bins = bins.counts.length === 0 || bins.edges.length !== bins.counts.length + 1 ? EMPTY : bins;
    this.chart.plot.axes[0].label = bins.label;
    this.chart.plot.setData([[0], [0]]);
  }

  /** With room for the dead at the left. */
  private range(): uPlot.Range.MinMax {
    const { edges, dead } = this.bins;
    const [first, last] = [edges[0], edges[edges.length - 1]];
    return [dead === undefined ? first : first - 1.5 * ASIDE * (last - first), last];
  }

  private tick(plot: uPlot, value: number): string {
    const { edges, ticks, dead } = this.bins;
    if (value < edges[0] - 1e-9) return '';
    const text = ticks?.(value) ?? `${Number(value.toPrecision(6))}`;
    const apart = plot.valToPos(value, 'x') - plot.valToPos(this.wordAt(), 'x');
    return dead !== undefined && apart < WORD + DIGIT * text.length ? '' : text;
  }

  /** Where the bar of the dead stands. */
  private aside(): readonly [number, number] {
    const { edges } = this.bins;
    const span = edges[edges.length - 1] - edges[0];
    return [edges[0] - 1.3 * ASIDE * span, edges[0] - 0.3 * ASIDE * span];
  }

  private wordAt(): number {
    const [from, to] = this.aside();
    return (from + to) / 2;
  }

  private bars(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const { edges, counts, dead } = this.bins;
    const bottom = bbox.top + bbox.height;
    const gap = uPlot.pxRatio;
    const bar = (from: number, to: number, count: number) => {
      const [left, right, top] = [from, to]
        .map((x) => plot.valToPos(x, 'x', true))
        .concat(plot.valToPos(count, 'y', true));
      ctx.fillRect(left, top, Math.max(gap, right - left - gap), bottom - top);
    };
    ctx.save();
    ctx.fillStyle = pageColour('--bar')();
    for (const [i, count] of counts.entries()) if (count > 0) bar(edges[i], edges[i + 1], count);
    if (dead !== undefined) {
      const [from, to] = this.aside();
      ctx.fillStyle = pageColour('--soft')();
      if (dead > 0) bar(from, to, dead);
      ctx.font = `${12 * uPlot.pxRatio}px system-ui, sans-serif`;
      ctx.textAlign = 'center';
      ctx.textBaseline = 'top';
      ctx.fillText('dead', plot.valToPos(this.wordAt(), 'x', true), bottom + 7 * uPlot.pxRatio);
    }
    ctx.restore();
  }

  private mark(plot: uPlot): void {
    const { mark } = this.bins;
    if (!mark) return;
    const { ctx, bbox } = plot;
    const x = Math.round(plot.valToPos(mark.at, 'x', true));
    ctx.save();
    ctx.strokeStyle = pageColour('--mark')();
    ctx.fillStyle = ctx.strokeStyle;
    ctx.lineWidth = 2 * uPlot.pxRatio;
    ctx.setLineDash([5 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.font = `bold ${13 * uPlot.pxRatio}px system-ui, sans-serif`;
    const isRight = x > bbox.left + 0.7 * bbox.width;
    ctx.textAlign = isRight ? 'right' : 'left';
    ctx.fillText(isRight ? `${mark.says} ` : ` ${mark.says}`, x, bbox.top - 4 * uPlot.pxRatio); // over the bars
    ctx.restore();
  }
}
