import { Histogram } from './histogram.ts';

const BINS = 40;

/** How many units have which ρ̂, with ρ marked where there is one. */
export class RateHistogram {
  private readonly histogram: Histogram;

  constructor(host: HTMLElement) {
    this.histogram = new Histogram(host, 150);
  }

  /** `says` names what a rate is. */
  draw(rates: Float32Array, target: number | null, says: string): void {
    const largest = Math.max(
      target ?? 0,
      rates.reduce((a, b) => Math.max(a, b), 0),
    );
    // The axis moves by steps, not with every look.
    const most = [0.1, 0.2, 0.5, 1].find((end) => largest <= end * 0.98) ?? 1;
    const counts = new Array<number>(BINS).fill(0);
    for (const rate of rates) counts[Math.min(BINS - 1, Math.max(0, Math.floor((rate / most) * BINS)))]++;
    const edges = Array.from({ length: BINS + 1 }, (_, i) => (i / BINS) * most);
    this.histogram.draw({
      edges,
      counts,
      label: says,
      mark: target === null ? null : { at: target, says: `ρ = ${target}` },
    });
  }
}
