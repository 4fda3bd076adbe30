import type { Activity } from './activity.ts';
import { densityOf, type FiringDensity } from './density.ts';
import { finiteSum } from './finite-sum.ts';

/**
 * How codes A (m, h) are used. A unit fires on an example where a ≠ 0, of either sign: sigmoid, softplus, tanh and linear
 * units all but always do. Weights do not enter: a unit that never fires is dead on the set, however long its decoder row.
 */
export interface CodeUse {
  /** Mean over examples of #{j : aⱼ ≠ 0}. */
  readonly l0: number;
  /** Mean over examples of Σⱼ |aⱼ|. */
  readonly l1: number;
  /** (h): the share of the examples in which each unit fires, in [0, 1]. */
  readonly firing: Float64Array;
  /** The histogram of log₁₀ of `firing`, dead units apart. */
  readonly density: FiringDensity;
  /** Dead units: no example has a ≠ 0. Of sigmoid and tanh units `deadUnits` asks less, a rate of at most 0.01. */
  readonly neverFire: readonly number[];
}

/** Gathers `CodeUse` row by row: counts are exact, and Σ|a| is added in the order of the rows, whatever the chunks. */
export class CodeUseCounter {
  readonly tally: { readonly counts: Float64Array; examples: number; sum: number };

  constructor(units: number) {
    this.tally = { counts: new Float64Array(units), examples: 0, sum: 0 };
  }

  add({ a, examples, units, on, ends }: Activity): void {
    const { tally } = this;
    const { counts } = tally;
    for (let k = 0, t = 0, begin = 0; k < examples; k++, begin += units) {
      let sum = 0;
      for (const end = ends[k]; t < end; t++) {
        const p = on[t];
        counts[p - begin]++;
        sum += Math.abs(a[p]);
      }
      tally.sum += sum;
    }
    tally.examples += examples;
  }

  /** @throws InputError where the sum overflows. */
  result(): CodeUse {
    const { counts, examples, sum } = this.tally;
    const firing = counts.map((count) => count / examples);
    return {
      l0: counts.reduce((all, count) => all + count, 0) / examples,
      l1: finiteSum(sum, 'the sum of the activations') / examples,
      firing,
      density: densityOf(firing),
      neverFire: Array.from(counts.keys()).filter((j) => counts[j] === 0),
    };
  }
}
