import type { TypedNumbers, View } from '../array/matrix.ts';
import type { Activity } from './activity.ts';

/** How well units tell when their features are there: means over all units. */
export interface Detection {
  /** 2·both/(fires + there), counted in examples; 0 where a unit never fires with its feature. */
  readonly f1: number;
  /** both/fires: how often the feature is there when the unit fires. 0 where it never fires. */
  readonly precision: number;
  /** both/there: how often the unit fires when the feature is there. 0 where it never is. */
  readonly recall: number;
}

/**
 * Compares each unit with one feature, example by example: a unit fires, and a feature is there, where its strength is
 * above 0. As the feature of each unit is known beforehand, counts are all that is kept, and an example costs as many steps
 * as units fire: (h) and (F) numbers, neither codes nor products of units and features.
 */
export class DetectionCounter {
  /** The feature that each unit is compared with. */
  private readonly best: Uint32Array;
  readonly tally: Readonly<Record<'fires' | 'there' | 'both', Float64Array>>;

  constructor(best: Uint32Array, features: number) {
    this.best = best;
    const numbers = (n: number) => new Float64Array(n);
    this.tally = { fires: numbers(best.length), there: numbers(features), both: numbers(best.length) };
  }

  /** Some examples' codes, and the true strengths (examples, F) of the same, a view without a unit. */
  add({ a, examples, units, on, ends }: Activity, { data, shape, stride, offset }: View<TypedNumbers>): void {
    const { best } = this;
    const { fires, both, there } = this.tally;
    for (let k = 0, t = 0, begin = 0; k < examples; k++, begin += units) {
      const row = offset + k * stride[0];
      for (let i = 0; i < shape[1]; i++) if (data[row + i * stride[1]] > 0) there[i]++;
      for (const end = ends[k]; t < end; t++) {
        if (!(a[on[t]] > 0)) continue;
        const j = on[t] - begin;
        fires[j]++;
        if (data[row + best[j] * stride[1]] > 0) both[j]++;
      }
    }
  }

  result(): Detection {
    const { best } = this;
    const { fires, both, there } = this.tally;
    const h = best.length;
    let [f1, precision, recall] = [0, 0, 0];
    for (let j = 0; j < h; j++) {
      if (both[j] === 0) continue;
      f1 += (2 * both[j]) / (fires[j] + there[best[j]]);
      precision += both[j] / fires[j];
      recall += both[j] / there[best[j]];
    }
    return { f1: f1 / h, precision: precision / h, recall: recall / h };
  }
}
