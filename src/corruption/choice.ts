import * as v from 'valibot';

/** ν, a share of the coordinates: a number in [0, 1]. */
export function fraction(): v.GenericSchema<number> {
  const allowed = 'it must lie from 0 to 1, a share of the coordinates such as 0.25';
  return v.pipe(v.number(allowed), v.minValue(0, allowed), v.maxValue(1, allowed));
}

/** n of d coordinates, chosen anew by each call of `choose`. */
export interface Choice {
  /** How many uniforms a choice takes: min(n, d − n). */
  readonly draws: number;
  /** The n coordinates of the latest choice, each once, in no particular order. */
  readonly coordinates: Uint32Array;
  /** Chooses by the first `draws` of these uniforms on [0, 1). */
  choose(uniforms: ArrayLike<number>): void;
}

/**
 * Exactly n = round(ν·d) of d coordinates, every such set equally likely (but for the 53 bits of a uniform): a
 * Fisher–Yates shuffle that stops after n steps, or after d − n where that is less: what it has not drawn is then the
 * choice. It starts at the identity each time, so a choice depends on its uniforms alone.
 * [Knuth, TAOCP vol. 2, §3.4.2, Algorithm P]
 */
export function createChoice(fraction: number, d: number): Choice {
  const n = Math.round(fraction * d);
  const draws = Math.min(n, d - n);
  const identity = Uint32Array.from({ length: d }, (_, j) => j);
  const order = identity.slice();
  return {
    draws,
    coordinates: n === draws ? order.subarray(0, n) : order.subarray(draws),
    choose(uniforms) {
      order.set(identity);
      for (let i = 0; i < draws; i++) {
        const j = i + Math.floor(uniforms[i] * (d - i));
        const drawn = order[j];
        order[j] = order[i];
        order[i] = drawn;
      }
    },
  };
}
