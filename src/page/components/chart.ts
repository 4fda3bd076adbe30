import uPlot from 'uplot';

/** A chart that follows its host's width and the page's colours. */
export class Chart {
  readonly plot: uPlot;
  private readonly end = new AbortController();
  private readonly sizes: ResizeObserver;

  constructor(
    host: HTMLElement,
    options: Omit<uPlot.Options, 'width' | 'height'>,
    height: number,
    data: uPlot.AlignedData,
  ) {
    const width = () => Math.max(200, Math.floor(host.clientWidth));
    this.plot = new uPlot({ ...options, width: width(), height }, data, host);
    this.sizes = new ResizeObserver(() => {
      if (Math.abs(width() - this.plot.width) > 1) this.plot.setSize({ width: width(), height });
    });
    this.sizes.observe(host);
    const { signal } = this.end;
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.plot.redraw(false), { signal });
  }

  /** Takes it off the page. */
  dispose(): void {
    this.end.abort();
    this.sizes.disconnect();
    this.plot.destroy();
  }
}

/** A colour of the page's style, such as --line: asked anew at every drawing. */
export function pageColour(name: string): () => string {
  return () => getComputedStyle(document.documentElement).getPropertyValue(name).trim() || '#888';
}

/** An axis in the page's colours, with room for its numbers. */
export function axis(label: string, size: number, more: uPlot.Axis = {}): uPlot.Axis {
  return {
    label,
    labelSize: 18,
    size,
    stroke: pageColour('--soft'),
    font: '12px system-ui, sans-serif',
    labelFont: '12px system-ui, sans-serif',
    grid: { stroke: pageColour('--line'), width: 1 },
    ticks: { stroke: pageColour('--line'), width: 1, size: 4 },
    ...more,
  };
}

/** A curve without dots. */
export function line(label: string, stroke: uPlot.Series['stroke'], width: number, dash?: number[]): uPlot.Series {
  return { label, stroke, width, points: { show: false }, spanGaps: false, ...(dash ? { dash } : {}) };
}
