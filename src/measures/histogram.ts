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
  /** counts[i] belongs to the values from (first + i)·width; the width is 0 while all values are equal. */
  readonly tally = {
    low: Number.POSITIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY,
    width: 0,
    first: 0,
    counts: new Float64Array(BINS),
  };

  constructor(range: readonly [number, number] | null) {
    this.fixed = range !== null;
    if (range === null) return;
    const [low, high] = range;
    const width = (high - low) / BINS;
    Object.assign(this.tally, { low, high, width, first: Math.round(low / width) });
  }

  /** @throws InputError if an activation is not finite. */
  add({ a, units, on }: Activity): void {
    let { low, high } = this.tally;
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
    const { width, first, counts } = this.tally;
    if (width === 0) {
      counts[0] += a.length;
      return;
    }
    const bin = (value: number) => Math.min(BINS - 1, Math.floor(value / width) - first);
    if (zeros > 0) counts[bin(0)] += zeros;
    for (let t = 0; t < on.length; t++) counts[bin(a[on[t]])]++;
  }

  result(): Histogram {
    const { low, high, width, first, counts } = this.tally;
    if (width === 0) return { edges: [low - 0.5, low + 0.5], counts: [counts[0]] };
    const bins = this.fixed ? BINS : Math.floor(high / width) - first + 1;
    return {
      edges: Array.from({ length: bins + 1 }, (_, i) => (first + i) * width),
      counts: Array.from(counts.subarray(0, bins)),
    };
  }

  /** Makes the bins reach from low to high. */
  private cover(low: number, high: number): void {
    const { tally } = this;
    const before = { ...tally, counts: tally.counts.slice() };
    tally.low = low;
    tally.high = high;
    if (low === high) return;
    const width = dyadicWidth(low, high);
    const first = Math.floor(low / width);
    tally.width = width;
    tally.first = first;
    tally.counts.fill(0);
    const perBin = before.width / width; // a power of two, at most 1
    before.counts.forEach((count, i) => {
      if (count === 0) return;
      const bin = before.width === 0 ? before.low / width : (before.first + i) * perBin;
      tally.counts[Math.floor(bin) - first] += count;
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
