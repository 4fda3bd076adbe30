import { type View, vectorView } from '../array/matrix.ts';
import type { SparseRows } from './code.ts';
import type { BatchShare, LayerPlace } from './layer.ts';
import type { SelectLargest } from './select-largest.ts';
import { spareCopy } from './spare-copy.ts';

/** Of the least survivor of a batch, what those of the next are likely to exceed. */
const LIKELY = 0.8;

/** What survivors of the next batch are likely to exceed; no bit depends on it. */
export interface Guess {
  likely: number;
}

/** One batch: how many are on in an example on average, at present and in the end, and where the smallest of the latter goes. */
export interface BatchCounts {
  readonly on: number;
  readonly k: number;
  /** Of the ⌊k·m⌋ largest. */
  readonly least: View;
  readonly share: BatchShare | undefined;
  /** Makes `a` anew after the guess, where it was screened. */
  readonly again: (() => void) | null;
}

/** Survivors of whole batches in training: pairs ← the ⌊on·m⌋ largest a > 0 of all processes, the rest of a ← 0. */
export function batchSurvivors({ k: kernels, storage, latents }: LayerPlace, guess: Guess) {
  const copyOf = spareCopy(kernels, storage);
  const leastOn = vectorView(storage.allocateDoubles(1)); // of the ⌊on·m⌋ largest
  let largest: SelectLargest | null = null; // loaded where there are several processes

  return async ({ values, indices, lengths }: SparseRows, a: View, batch: BatchCounts): Promise<void> => {
    if (lengths === null) throw new Error('rows of their own lengths have lengths');
    const { on, k, least, share, again } = batch;
    const m = share?.m ?? a.shape[0];
    const together = latents ?? (share !== undefined && share.size > 1 ? share : null);
    /** The ⌊each·m⌋ largest, and the smallest of them; whether there were fewer, where processes choose together. */
    const choose = async (from: View, each: number, into: View) => {
      const count = Math.floor(each * m + 1e-9); // 0.1·30 is 3
      if (together === null) {
        kernels.selectLargestOfAll(values, indices, lengths, into, from, count);
        return { count, fewer: false, smallest: 0 };
      }
      const { selectLargestOver, leastOfAll } = await import('./select-largest.ts');
      largest ??= selectLargestOver(kernels, latents === null ? 'rows' : 'columns');
      const chosen = await largest(from, count, together);
      kernels.selectLargestOfAll(values, indices, lengths, into, from, chosen.own);
      return { count, fewer: chosen.fewer, smallest: await leastOfAll(kernels, into, chosen.least, together) };
    };
    /** Whether what should survive may be among what is not likely to, the same in all processes. */
    const survive = async () => {
      const asked = guess.likely;
      if (on > k) await choose(copyOf(a), k, least);
      const into = on > k ? leastOn : least;
      const { count, fewer, smallest } = await choose(a, on, into);
      if (together !== null) {
        guess.likely = Math.fround(LIKELY * smallest);
        return fewer || smallest <= asked; // of processes that screen nothing it may be one
      }
      if (again === null) return false;
      let found = 0;
      for (const n of await kernels.copyOut(lengths)) found += n;
      guess.likely = Math.fround(LIKELY * (await kernels.copyOut(into))[0]);
      return found < count;
    };
    const asked = guess.likely;
    if ((await survive()) && asked > 0) {
      guess.likely = 0; // fewer than there should be exceed what was likely
      again?.();
      await survive();
    }
  };
}
