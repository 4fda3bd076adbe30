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
  readonly tally: Record<'sums' | 'squares', Float64Array> &
    Record<'examples' | 'nonZero' | 'active' | 'population' | 'defined', number>;

  constructor(response: Response, units: number) {
    this.response = response;
    const [sums, squares] = [new Float64Array(units), new Float64Array(units)];
    this.tally = { sums, squares, examples: 0, nonZero: 0, active: 0, population: 0, defined: 0 };
  }

  add({ a, examples, units, on, ends }: Activity): void {
    const { tally, response } = this;
    const { sums, squares } = tally;
    // Without a rate a 0 has no response: it adds nothing.
    const all = response.rate !== null;
    tally.nonZero += on.length;
    for (let k = 0, t = 0, begin = 0; k < examples; k++, begin += units) {
      let sum = 0;
      let sumOfSquares = 0;
      for (const end = all ? begin + units : ends[k]; t < end; t++) {
        const p = all ? t : on[t];
        const r = response.of(a[p]);
        if (r > ACTIVE) tally.active++;
        sum += r;
        sumOfSquares += r * r;
        sums[p - begin] += r;
        squares[p - begin] += r * r;
      }
      const s = trevesRolls(sum, sumOfSquares, units);
      if (s === null) continue;
      tally.population += s;
      tally.defined++;
    }
    tally.examples += examples;
  }

  result(): SparsityStatistics {
    const { sums, squares, examples, nonZero, active, population, defined } = this.tally;
    const ofUnits = Array.from(sums, (sum, j) => trevesRolls(sum, squares[j], examples));
    return {
      l0: nonZero / examples,
      activeShare: this.response.rate === null ? null : active / (examples * sums.length),
      populationSparsity: defined === 0 ? null : population / defined,
      lifetimeSparsity: meanOfDefined(ofUnits),
      lifetimeSparsityOfUnits: ofUnits,
    };
  }
}
