import * as v from 'valibot';
import { fillNormal } from '../array/random.ts';
import { nonNegative } from '../validate.ts';
import type { CorruptionKind } from './kind.ts';

/** Gaussian dropout: x̃ = x·(1 + n), n ~ N(0, σ²) on every coordinate; zeros stay 0. [Srivastava et al. 2014, §10] */
export interface MultiplicativeSpec {
  /** Of the corruption. */
  readonly kind: 'multiplicative';
  /** σ ≥ 0, relative to x. */
  readonly deviation: number;
}

export const multiplicative = {
  schema: v.strictObject({ kind: v.literal('multiplicative'), deviation: nonNegative() }),
  amount: 'deviation',
  prepare({ deviation }, d) {
    const factor = new Float64Array(d);
    return (out, mask, begin, address) => {
      fillNormal(factor, address, 1, deviation);
      for (let j = 0; j < d; j++) out[begin + j] *= factor[j];
      mask?.fill(1, begin, begin + d);
    };
  },
} satisfies CorruptionKind<MultiplicativeSpec>;
