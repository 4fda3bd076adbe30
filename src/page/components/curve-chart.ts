import uPlot from 'uplot';
import { type Point, thin } from '../../figures/thin.ts';
import { type Axis, shortNumber } from '../../figures/ticks.ts';
import { axis, Chart, line, pageColour } from './chart.ts';
import { CurveLegend } from './curve-legend.ts';
import { axisOf } from './value-range.ts';

/** A curve with its name and dress. */
export interface Curve {
  readonly name: string;
  /** A colour of the page's style, such as --curve-1. */
  readonly colour: string;
  readonly width: number;
  readonly dash?: number[];
  /** In the order of x; finite. */
  readonly points: readonly Point[];
}

/** What a chart says of itself. */
export interface CurveChartOptions {
  /** For those who do not see it. */
  readonly label: string;
  readonly height: number;
  /** 0 where the axis begins there, and is never logarithmic. */
  readonly from?: 0;
  /** Its legend has values alone. */
  readonly isSmall?: boolean;
  /** Charts with the same one move their cursors together. */
  readonly sync: string;
}

const MOST = 800; // points of a curve
/** Pixels that a label of an axis needs. */
const LABEL = 24;
const STEP = [1, 2, 5];
const WHOLE = Array.from({ length: 12 }, (_, power) => STEP.map((step) => step * 10 ** power)).flat();

/** Curves over the same x, with a legend that reads them under the cursor. */
export class CurveChart {
  private readonly host: HTMLElement;
  private readonly options: CurveChartOptions;
  private readonly legend: CurveLegend;
  private chart: Chart | null = null;
  private dress = '';
  private curves: readonly Curve[] = [];
  private scale: Axis = axisOf([], 2);
  private xLabel = '';

  constructor(host: HTMLElement, legend: HTMLElement, options: CurveChartOptions) {
    this.host = host;
    this.options = options;
    this.legend = new CurveLegend(legend, options.isSmall ?? false, () => this.draw(this.curves, this.xLabel));
    host.tabIndex = 0;
    host.setAttribute('role', 'img');
    host.addEventListener('keydown', (event) => this.move(event));
    host.addEventListener('blur', () => this.chart?.plot.setCursor({ left: -10, top: -10 }));
  }

  draw(curves: readonly Curve[], xLabel: string): void {
    this.curves = curves;
    this.xLabel = xLabel;
    this.legend.name(curves, xLabel);
    const shown = curves.filter((_, i) => this.legend.isShown(i));
    const ticks = Math.max(2, Math.floor((this.options.height - 50) / LABEL));
    this.scale = axisOf(
      shown.map(({ points }) => points),
      ticks,
      this.options.from,
    );
    const dress = JSON.stringify([xLabel, this.scale.type, shown.map(({ points: _, ...rest }) => rest)]);
    const data = columnsOf(shown);
    if (dress === this.dress) this.chart?.plot.setData(data);
    else this.dressed(shown, data);
    this.dress = dress;
    this.host.setAttribute('aria-label', `${this.options.label}: ${this.inWords(shown)}`);
    this.legend.read(this.at());
  }

  private dressed(shown: readonly Curve[], data: uPlot.AlignedData): void {
    this.chart?.dispose();
    const { height, sync } = this.options;
    this.chart = new Chart(
      this.host,
      {
        legend: { show: false },
        cursor: { y: false, points: { show: false }, drag: { x: false, y: false }, sync: { key: sync } },
        scales: {
          x: { time: false, range: (_, least, most) => rangeOf(least, most) },
          y: { distr: this.scale.type === 'log' ? 3 : 1, range: () => [...this.scale.domain] },
        },
        axes: [
          axis(this.xLabel, 34, { incrs: WHOLE }),
          axis('', 58, {
            splits: () => [...this.scale.ticks],
            values: (_, values) => values.map((value) => this.scale.label(value)),
            filter: (_, values) => values,
          }),
        ],
        series: [{}, ...shown.map(({ name, colour, width, dash }) => line(name, pageColour(colour), width, dash))],
        hooks: { setCursor: [() => this.legend.read(this.at())] },
      },
      height,
      data,
    );
  }

  /** x under the cursor; null where it is elsewhere. */
  private at(): number | null {
    const { left } = this.chart?.plot.cursor ?? {};
    return this.chart === null || left === undefined || left === null || left < 0
      ? null
      : this.chart.plot.posToVal(left, 'x');
  }

  private move(event: KeyboardEvent): void {
    const plot = this.chart?.plot;
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY }[
      event.key
    ];
    if (step === undefined || !plot) return;
    event.preventDefault();
    const width = plot.over.clientWidth;
    const from = plot.cursor.left !== undefined && plot.cursor.left >= 0 ? plot.cursor.left : width;
    const left = Math.min(width, Math.max(0, from + (step * width) / 50));
    plot.setCursor({ left, top: plot.over.clientHeight / 2 });
  }

  private inWords(shown: readonly Curve[]): string {
    const ends = shown.flatMap(({ name, points }) =>
      points.length === 0 ? [] : [`${name} ${shortNumber(points[points.length - 1][1])}`],
    );
    return ends.length === 0 ? 'nothing yet' : ends.join(', ');
  }
}

function rangeOf(least: number | null, most: number | null): uPlot.Range.MinMax {
  if (least === null || most === null || most <= 0) return [0, 1];
  return least === most ? [0, most] : [least, most];
}

/** Columns of one x. A point that a curve does not have there is left out, and its line goes on. */
function columnsOf(curves: readonly Curve[]): uPlot.AlignedData {
  const tables = curves.map(({ points }) => {
    const some = thin(points, MOST);
    return [some.map(([x]) => x), some.map(([, y]) => y)] as uPlot.AlignedData;
  });
  return tables.length === 0 ? [[]] : uPlot.join(tables);
}
