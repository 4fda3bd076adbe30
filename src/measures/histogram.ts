import { InputError } from '../errors.ts';
import type { Activity } from './activity.ts';

/** counts[i] values lie in [edges[i], edges[i + 1]); the last bin includes its end. */
export interface Histogram {
  /** Of the bins, rising, one more than there are bins. */
  readonly edges: readonly number[];
  /** Of each bin. */
  readonly counts: readonly number[];
}

const BINS = 64;

/**
 * The histogram of values that come in chunks, in at most 64 bins. Over a `range` that is given: 64 bins. Otherwise bins
 * are aligned to multiples of their width, the least power of two that covers all values with 64 bins; as the range
 * grows, neighbouring bins merge exactly, so that the result depends neither on the chunks nor on their order. Equal
 * values make one bin of width 1.
 */
export class HistogramCounter {
  private readonly fixed: boolean;
  private low = Number.POSITIVE_INFINITY;
  private high = Number.NEGATIVE_INFINITY;
  /** Of the bins: 0 while all values are equal. */
  private width = 0;
  /** counts[i] belongs to the values from (first + i)·width. */
  private first = 0;
  private counts: Float64Array = new Float64Array(1);

  constructor(range: readonly [number, number] | null) {
    this.fixed = range !== null;
    if (range === null) return;
    [this.low, this.high] = range;
    this.width = (this.high - this.low) / BINS;
    this.first = Math.round(this.low / this.width);
    this.counts = new Float64Array(BINS);
  }

  /** @throws InputError if an activation is not finite. */
  add({ a, units, on }: Activity): void {
    let { low, high } = this;
    const zeros = a.length - on.length;
    if (zeros > 0) {
      low = Math.min(low, 0);
      high = Math.max(high, 0);
    }
    for (let t = 0; t < on.length; t++) {
      const p = on[t];
      const value = a[p];
      if (!Number.isFinite(value)) {
        throw new InputError(
          `unit ${p % units} answers an example with ${value}: scale the examples, or look at the weights for overflow`,
        );
      }
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (!this.fixed) this.cover(low, high);
    const { width, first, counts } = this;
    if (width === 0) {
      counts[0] += a.length;
      return;
    }
    const bin = (value: number) => Math.min(BINS - 1, Math.floor(value / width) - first);
    if (zeros > 0) counts[bin(0)] += zeros;
    for (let t = 0; t < on.length; t++) counts[bin(a[on[t]])]++;
  }

  result(): Histogram {
    const { low, high, first, counts } = this;
    if (this.width === 0) return { edges: [low - 0.5, low + 0.5], counts: [counts[0]] };
    const bins = this.fixed ? BINS : Math.floor(high / this.width) - first + 1;
    return {
      edges: Array.from({ length: bins + 1 }, (_, i) => (first + i) * this.width),
      counts: Array.from(counts.subarray(0, bins)),
    };
  }

  /** Makes the bins reach from low to high. */
  private cover(low: number, high: number): void {
    const before = { value: this.low, width: this.width, first: this.first, counts: this.counts };
    this.low = low;
    this.high = high;
    if (low === high) return;
    this.width = dyadicWidth(low, high);
    this.first = Math.floor(low / this.width);
    this.counts = new Float64Array(BINS);
    const perBin = before.width / this.width; // a power of two, at most 1
    before.counts.forEach((count, i) => {
      if (count === 0) return;
      const bin = before.width === 0 ? before.value / this.width : (before.first + i) * perBin;
      this.counts[Math.floor(bin) - this.first] += count;
    });
  }
}

/** The least power of two of which 64 aligned bins hold low < high, and whose multiples are exact up to both ends. */
function dyadicWidth(low: number, high: number): number {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const least = Math.max(high / BINS - low / BINS, largest * 2 ** -48, 2 ** -1000);
  let width = 2 ** Math.floor(Math.log2(least));
  while (Math.floor(high / width) - Math.floor(low / width) >= BINS) width *= 2;
  return width;
}
