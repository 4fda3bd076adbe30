import * as v from 'valibot';
import { fillNormal } from '../array/random.ts';
import { nonNegative } from '../validate.ts';
import type { CorruptionKind } from './kind.ts';

/** Gaussian noise: x̃ = x + n, n ~ N(0, σ²) on every coordinate; values may leave [0, 1]. [Vincent et al. 2010, §3.3] */
export interface GaussianSpec {
  /** Of the corruption. */
  readonly kind: 'gaussian';
  /** σ ≥ 0, in units of x. */
  readonly deviation: number;
}

const schema = v.strictObject({ kind: v.literal('gaussian'), deviation: nonNegative() });

export const gaussian = {
  schema,
  amount: 'deviation',
  prepare({ deviation }, d) {
    return ({ shift, marks }, begin, address) => {
      fillNormal(shift.subarray(begin, begin + d), address, 0, deviation);
      marks?.at.fill(marks.corrupted, begin, begin + d);
    };
  },
} satisfies CorruptionKind<GaussianSpec>;
