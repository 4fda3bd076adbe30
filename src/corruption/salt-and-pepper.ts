import * as v from 'valibot';
import { fillUniform } from '../array/random.ts';
import { createChoice, fraction } from './choice.ts';
import type { CorruptionKind } from './kind.ts';

/**
 * Salt-and-pepper noise: exactly round(ν·d) coordinates of each example become 0 or 1, the ends of [0, 1], by a fair
 * coin each; a coordinate counts as corrupted even where that is the value it had. [Vincent et al. 2010, §3.3]
 */
export interface SaltAndPepperSpec {
  /** Of the corruption. */
  readonly kind: 'salt-and-pepper';
  /** ν, the share of the coordinates, in [0, 1]. */
  readonly fraction: number;
}

const schema = v.strictObject({ kind: v.literal('salt-and-pepper'), fraction: fraction() });

export const saltAndPepper = {
  schema,
  amount: 'fraction',
  prepare({ fraction }, d) {
    const choice = createChoice(fraction, d);
    const n = choice.coordinates.length;
    const uniforms = new Float64Array(choice.draws + n); // the choice, then a coin for each coordinate
    return ({ factor, shift, marks }, begin, address) => {
      choice.choose(fillUniform(uniforms, address));
      for (let i = 0; i < n; i++) {
        const p = begin + choice.coordinates[i];
        factor[p] = 0;
        shift[p] = uniforms[choice.draws + i] < 0.5 ? 0 : 1;
        if (marks !== null) marks.at[p] = marks.corrupted;
      }
    };
  },
} satisfies CorruptionKind<SaltAndPepperSpec>;
