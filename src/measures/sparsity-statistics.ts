import type { Activity } from './activity.ts';
import type { Response } from './responses.ts';
import { meanOfDefined, trevesRolls } from './treves-rolls.ts';

/** How sparse activations are. r is the response of `responseOf`: the rate of sigmoid and tanh units, else |a|. */
export interface SparsityStatistics {
  /** Mean over examples of #{j : aⱼ ≠ 0}. Sigmoid, tanh and softplus units are hardly ever exactly 0. */
  readonly l0: number;
  /** Share of all (example, unit) pairs whose rate lies above ½, that is z > 0. null where units have no rate. */
  readonly activeShare: number | null;
  /** Mean over examples of S over the units' responses (Treves–Rolls); examples without any response are left out. */
  readonly populationSparsity: number | null;
  /** Mean over units of S over the examples; units that never respond are left out. null where nothing is defined. */
  readonly lifetimeSparsity: number | null;
  /** S over the examples of each unit; null for a unit that never responds, or of one example. */
  readonly lifetimeSparsityOfUnits: readonly (number | null)[];
}

const ACTIVE = 0.5;

/** Gathers `SparsityStatistics` chunk by chunk; memory O(units). S: see `trevesRolls`. */
export class SparsityCounter {
  private readonly response: Response;
  private readonly sums: Float64Array;
  private readonly squares: Float64Array;
  private examples = 0;
  private nonZero = 0;
  private active = 0;
  private population = 0;
  private defined = 0;

  constructor(response: Response, units: number) {
    this.response = response;
    this.sums = new Float64Array(units);
    this.squares = new Float64Array(units);
  }

  add({ a, examples, units, on, ends }: Activity): void {
    const { sums, squares, response } = this;
    // Without a rate a 0 has no response: it adds nothing.
    const all = response.rate !== null;
    this.nonZero += on.length;
    for (let k = 0, t = 0, begin = 0; k < examples; k++, begin += units) {
      let sum = 0;
      let sumOfSquares = 0;
      for (const end = all ? begin + units : ends[k]; t < end; t++) {
        const p = all ? t : on[t];
        const r = response.of(a[p]);
        if (r > ACTIVE) this.active++;
        sum += r;
        sumOfSquares += r * r;
        sums[p - begin] += r;
        squares[p - begin] += r * r;
      }
      const s = trevesRolls(sum, sumOfSquares, units);
      if (s === null) continue;
      this.population += s;
      this.defined++;
    }
    this.examples += examples;
  }

  result(): SparsityStatistics {
    const { sums, squares, examples } = this;
    const ofUnits = Array.from(sums, (sum, j) => trevesRolls(sum, squares[j], examples));
    return {
      l0: this.nonZero / examples,
      activeShare: this.response.rate === null ? null : this.active / (examples * sums.length),
      populationSparsity: this.defined === 0 ? null : this.population / this.defined,
      lifetimeSparsity: meanOfDefined(ofUnits),
      lifetimeSparsityOfUnits: ofUnits,
    };
  }
}
