import uPlot from 'uplot';
import { axis, Chart, pageColour } from './chart.ts';

const BINS = 40;

/** How many units have which ρ̂, with ρ marked where there is one. */
export class RateHistogram {
  private readonly chart: Chart;
  private target: number | null = null;
  private most = 0.2; // of the axis

  constructor(host: HTMLElement) {
    const bars = uPlot.paths.bars?.({ size: [0.9, 100], align: 1 });
    this.chart = new Chart(
      host,
      {
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: () => [0, this.most] },
          y: { range: (_, __, most) => [0, Math.max(1, most)] },
        },
        axes: [axis('', 34), axis('units', 40, { incrs: [1, 2, 5, 10, 20, 50, 100] })],
        series: [
          {},
          {
            stroke: pageColour('--bar'),
            fill: pageColour('--bar'),
            points: { show: false },
            ...(bars ? { paths: bars } : {}),
          },
        ],
        hooks: { draw: [(plot) => this.mark(plot)] },
      },
      150,
      [[0], [0]],
    );
  }

  /** `says` names what a rate is. */
  draw(rates: Float32Array, target: number | null, says: string): void {
    this.target = target;
    this.chart.plot.axes[0].label = says;
    const largest = Math.max(
      target ?? 0,
      rates.reduce((a, b) => Math.max(a, b), 0),
    );
    // The axis moves by steps, not with every look.
    this.most = [0.1, 0.2, 0.5, 1].find((end) => largest <= end * 0.98) ?? 1;
    const counts = new Array<number>(BINS).fill(0);
    for (const rate of rates) counts[Math.min(BINS - 1, Math.max(0, Math.floor((rate / this.most) * BINS)))]++;
    this.chart.plot.setData([counts.map((_, i) => (i / BINS) * this.most), counts]);
  }

  private mark(plot: uPlot): void {
    const { target } = this;
    if (target === null) return;
    const { ctx, bbox } = plot;
    const x = Math.round(plot.valToPos(target, 'x', true));
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
    ctx.fillText(isRight ? `ρ = ${target} ` : ` ρ = ${target}`, x, bbox.top - 4 * uPlot.pxRatio); // over the bars
    ctx.restore();
  }
}
