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
    return ({ factor, marks }, begin, address) => {
      fillNormal(factor.subarray(begin, begin + d), address, 1, deviation);
      marks?.at.fill(marks.corrupted, begin, begin + d);
    };
  },
} satisfies CorruptionKind<MultiplicativeSpec>;
