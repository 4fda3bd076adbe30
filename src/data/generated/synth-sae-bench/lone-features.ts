import { normalQuantile } from '../../../array/normal-quantile.ts';
import type { Correlation } from './correlation.ts';
import type { RowDraws } from './row-draws.ts';

/** Features whose shares lie side by side, so that their sums stay in registers. */
const LANES = 4;
/** Rows whose sums are made together, 8r to 8r + 7: shares are then read from memory once for all of them. */
export const TOGETHER = 8;
/** Groups of lanes whose shares stay in the nearest cache while these rows pass. */
const GROUPS = 64;
/** b = median probability ** this: about as many features are drawn for being among b as for what their factors come to. */
const POWER = 0.62;

/**
 * Which of the features that stand alone are on in a row: i is where sᵢ + √ownᵢ·ηᵢ > tᵢ, sᵢ = A·ε of the row's factors ε, ηᵢ
 * independent normal numbers. Few of the ηᵢ are drawn, and the outcome is distributed as if all were: which of them lie above
 * h = Φ⁻¹(1 − b) are independent trials of probability b, so geometric gaps lead from one to the next; these ηᵢ are then drawn
 * from the tail above h, and the others, from what is below h, only where sᵢ + √ownᵢ·h > tᵢ, for elsewhere they cannot be on.
 */
export class LoneFeatures {
  private readonly begin: number;
  private readonly count: number;
  private readonly rank: number;
  /** (groups, rank, LANES). */
  private readonly shares: Float64Array;
  private readonly thresholds: Float64Array;
  private readonly roots: Float64Array;
  /** tᵢ − √ownᵢ·h; Infinity behind the last. */
  private readonly bounds: Float64Array;
  /** (TOGETHER, padded): s of some rows. */
  private readonly sums: Float64Array;
  private readonly padded: number;
  /** b. */
  private readonly tail: number;
  private readonly logOfOthers: number;
  /** Where the places of gaps begin. */
  private readonly gaps: number;

  /** `thresholds` (F); features begin … F − 1 stand alone. */
  constructor({ rank, shares, own }: Correlation, thresholds: Float64Array, median: number, begin: number) {
    const features = thresholds.length;
    this.begin = begin;
    this.count = features - begin;
    this.rank = rank;
    this.gaps = 2 * features;
    const padded = Math.ceil(this.count / LANES) * LANES;
    this.tail = median ** POWER;
    this.logOfOthers = Math.log1p(-this.tail);
    const h = -normalQuantile(this.tail);
    this.padded = padded;
    this.sums = new Float64Array(TOGETHER * padded);
    this.bounds = new Float64Array(padded).fill(Infinity);
    this.shares = new Float64Array(padded * rank);
    this.thresholds = thresholds.slice(begin);
    this.roots = own.slice(begin).map(Math.sqrt);
    for (let i = 0; i < this.count; i++) {
      this.bounds[i] = this.thresholds[i] - this.roots[i] * h;
      const at = (i - (i % LANES)) * rank + (i % LANES);
      for (let k = 0; k < rank; k++) this.shares[at + k * LANES] = shares[(begin + i) * rank + k];
    }
  }

  /** Goes to TOGETHER rows: `factors` (TOGETHER, rank), ε of each. */
  prepare(factors: Float64Array): void {
    const { padded, rank } = this;
    const span = GROUPS * LANES;
    for (let first = 0; first < padded; first += span) {
      const end = Math.min(first + span, padded);
      for (let row = 0; row < TOGETHER; row++) this.addUp(first, end, row * padded, factors, row * rank);
    }
  }

  /** Calls `use` for those that are on in one of these rows, rising; the second draw of each is at hand then. */
  find(row: number, draws: RowDraws, use: (feature: number) => void): void {
    const { bounds, begin, count, thresholds, roots, tail, padded } = this;
    const sums = this.sums.subarray(row * padded, (row + 1) * padded);
    let gap = 0;
    let next = this.gapFrom(draws, gap++);
    for (let i = 0; i < count; i++) {
      if (i === next) {
        next = i + 1 + this.gapFrom(draws, gap++);
        draws.at(begin + i);
        if (sums[i] - roots[i] * normalQuantile(draws.first * tail) > thresholds[i]) use(begin + i);
      } else if (sums[i] > bounds[i]) {
        draws.at(begin + i);
        const below = normalQuantile(tail + (1 - tail) * draws.first);
        if (sums[i] - roots[i] * below > thresholds[i]) use(begin + i);
      }
    }
  }

  /** How many features until one whose η lies above h. */
  private gapFrom(draws: RowDraws, number: number): number {
    if (number >= this.count) return this.count;
    draws.at(this.gaps + number);
    return Math.floor(Math.log(draws.first) / this.logOfOthers);
  }

  /** sums[at + i] = row i of A · ε, first ≤ i < end, ε from factors[from] on. */
  private addUp(first: number, end: number, at: number, factors: Float64Array, from: number): void {
    const { shares, sums, rank } = this;
    for (let i = first, p = first * rank; i < end; i += LANES) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let k = from; k < from + rank; k++, p += LANES) {
        const factor = factors[k];
        s0 += shares[p] * factor;
        s1 += shares[p + 1] * factor;
        s2 += shares[p + 2] * factor;
        s3 += shares[p + 3] * factor;
      }
      sums[at + i] = s0;
      sums[at + i + 1] = s1;
      sums[at + i + 2] = s2;
      sums[at + i + 3] = s3;
    }
  }
}
