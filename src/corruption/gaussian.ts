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
    const noise = new Float64Array(d);
    return (out, mask, begin, address) => {
      fillNormal(noise, address, 0, deviation);
      for (let j = 0; j < d; j++) out[begin + j] += noise[j];
      mask?.fill(1, begin, begin + d);
    };
  },
} satisfies CorruptionKind<GaussianSpec>;
