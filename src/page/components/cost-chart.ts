import uPlot from 'uplot';
import { axis, Chart, line, pageColour } from './chart.ts';
import { termColours } from './colours.ts';

/** An epoch's cost and its terms, by the names of `termColours`. */
export interface CostPoint {
  readonly epoch: number;
  readonly cost: number;
  readonly terms: Readonly<Record<string, number>>;
}

/** What is smaller than the largest by so much is not shown: a term that dies would press all others flat. */
const SPAN = 1e5;
const MOST = 1200; // points: every second one is left out beyond that
const NAMES = Object.keys(termColours);

/** J and its terms over the epochs, on a logarithmic axis. */
export class CostChart {
  private readonly chart: Chart;
  private points: CostPoint[] = [];
  private every = 1;

  constructor(host: HTMLElement) {
    this.chart = new Chart(
      host,
      {
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false }, y: { distr: 3, range: rangeOf } },
        axes: [axis('epoch', 34), axis('cost, log scale', 58, { values: (_, ticks) => ticks.map(shortNumber) })],
        series: [{}, line('J', pageColour('--ink'), 2), ...NAMES.map((name) => line(name, termColours[name], 1.5))],
      },
      190,
      this.columns(),
    );
  }

  /** Adds the epochs of a look, and draws. */
  add(points: readonly CostPoint[]): void {
    for (const point of points) if (point.epoch % this.every === 0 || point.epoch < 4) this.points.push(point);
    while (this.points.length > MOST) {
      this.every *= 2;
      this.points = this.points.filter(({ epoch }) => epoch % this.every === 0 || epoch < 4);
    }
    this.chart.plot.setData(this.columns());
  }

  clear(): void {
    this.points = [];
    this.every = 1;
    this.chart.plot.setData(this.columns());
  }

  private columns(): uPlot.AlignedData {
    const { points } = this;
    const positive = (value: number | undefined) => (value !== undefined && value > 0 ? value : null);
    return [
      points.map(({ epoch }) => epoch),
      points.map(({ cost }) => positive(cost)),
      ...NAMES.map((name) => points.map(({ terms }) => positive(terms[name]))),
    ] as uPlot.AlignedData;
  }
}

function rangeOf(_: uPlot, least: number | null, most: number | null): uPlot.Range.MinMax {
  if (least === null || most === null) return [0.1, 10];
  return uPlot.rangeLog(Math.max(least, most / SPAN), most, 10, false);
}

function shortNumber(value: number | null): string {
  if (value === null) return '';
  const exponent = Math.log10(value);
  if (Math.abs(exponent - Math.round(exponent)) > 1e-6) return '';
  return value >= 1e-3 && value < 1e5 ? `${Number(value.toPrecision(1))}` : value.toExponential(0);
}
