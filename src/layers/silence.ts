import { type View, vectorView } from '../array/matrix.ts';
import type { Kernels, Storage } from '../kernels/kernels.ts';
import type { Code } from './code.ts';

/** Examples after which a unit that has not fired counts as dead, where nobody says. [Gao et al. 2024, arXiv 2406.04093, §A.2] */
export const LONG_SILENCE = 10_000_000;

/** What counts the silent units of a layer: a term, or a rule. */
export interface SilencePlace {
  readonly k: Kernels;
  readonly storage: Storage;
  readonly units: number;
  /** A tensor of its own, by its local name. */
  state(name: string): View;
}

/**
 * How many examples ago each unit last had a ≠ 0 anywhere in a batch: `examplesSinceFired` (h), run-state of what counts. The
 * batch at hand is counted first: `next` is 0 for units that fire in it, and what they had plus m for the others. `given`:
 * where counts go, a part of a larger statistic.
 */
export function createSilence({ k, storage, units, state }: SilencePlace, given?: View) {
  const silence = state('examplesSinceFired');
  const counts = given ?? vectorView(storage.allocateDoubles(units));
  const next = vectorView(storage.allocateDoubles(units));
  const count = ({ code: { a, sparse } }: { readonly code: Code }) => {
    k.write(counts, new Float64Array(units));
    if (sparse === null) k.countActive(counts, a);
    else k.countActivePairs(counts, sparse.values, sparse.indices, sparse.lengths);
  };
  const find = ({ m }: { readonly m: number }) => k.advanceSilence(next, silence, counts, m);
  const advance = () => k.blend(silence, next, 1, next, 0);
  const term = {
    statistic: counts,
    gather: count,
    value: find,
    advance,
  };
  return { silence, counts, next, count, find, advance, term };
}
