import * as v from 'valibot';
import { fillMask, fillUniform } from '../array/random.ts';
import { createChoice, fraction } from './choice.ts';
import type { CorruptionKind, DrawRow } from './kind.ts';

/**
 * Masking noise: x̃ⱼ = 0 on the corrupted coordinates, x̃ⱼ = xⱼ elsewhere.
 * [Vincent et al. 2008, §2.3: exactly ν·d coordinates; the deeplearning.net tutorial: each with probability ν]
 */
export interface MaskingSpec {
  /** Of the corruption. */
  readonly kind: 'masking';
  /** ν, the share of the coordinates, in [0, 1]. */
  readonly fraction: number;
  /** true: exactly round(ν·d) coordinates of each example; false: each with probability ν, on its own. Default true. */
  readonly exact?: boolean | undefined;
}

const schema = v.strictObject({
  kind: v.literal('masking'),
  fraction: fraction(),
  exact: v.optional(v.boolean('it must be true or false'), true),
});

function exactly(fraction: number, d: number): DrawRow {
  const choice = createChoice(fraction, d);
  const uniforms = new Float64Array(choice.draws);
  return ({ factor, marks }, begin, address) => {
    choice.choose(fillUniform(uniforms, address));
    for (const j of choice.coordinates) {
      factor[begin + j] = 0;
      if (marks !== null) marks.at[begin + j] = marks.corrupted;
    }
  };
}

function independently(fraction: number, d: number): DrawRow {
  const hit = new Uint8Array(d);
  return ({ factor, marks }, begin, address) => {
    fillMask(hit, address, fraction);
    for (let j = 0; j < d; j++) {
      if (hit[j] === 0) continue;
      factor[begin + j] = 0;
      if (marks !== null) marks.at[begin + j] = marks.corrupted;
    }
  };
}

export const masking = {
  schema,
  amount: 'fraction',
  prepare: ({ fraction, exact = true }, d) => (exact ? exactly(fraction, d) : independently(fraction, d)),
} satisfies CorruptionKind<MaskingSpec>;
