import * as v from 'valibot';
import { type Block, matrixView, type View, vectorView } from '../array/matrix.ts';
import type { ScreenedProduct, Screening } from '../kernels/screening.ts';
import { layerIndex, openUnit, positive } from '../validate.ts';
import { type Annealing, annealingFlags, annealOver, onAt, refusedAnnealing, settlesAfter } from './annealing.ts';
import type { Code } from './code.ts';
import type { BatchShare, LayerKind, LayerPlace } from './layer.ts';
import type { SelectLargest } from './select-largest.ts';
import { createUnits } from './units.ts';

/** Of the least survivor of a batch, what those of the next are likely to exceed. */
const LIKELY = 0.8;

/** BatchTopK units: relu(z) at the ⌊k·m⌋ largest z of the m examples of a batch. */
export interface BatchTopKSpec extends Annealing {
  /** Of the sparsity. */
  readonly kind: 'batch-top-k';
  /** Units that are on in an example on average, above 0; it need not be whole. */
  readonly k: number;
  /** How far the running threshold goes towards the smallest survivor of a batch, strictly between 0 and 1. Default 0.01. */
  readonly rate?: number | undefined;
  /** Which hidden layer, from 0. Default the last, the code. */
  readonly layer?: number | undefined;
}

/**
 * In training a = relu(z) at the ⌊k·m⌋ largest z > 0 of the batch, all of them where there are fewer; of equal ones the lower
 * row, then the lower column. δ passes through the survivors alone. In encoding no example sees another:
 * a = relu(z)·[relu(z) > t], with the running threshold t ← t + rate·(min − t), min the smallest survivor of a batch, t begun
 * at the first one, batches without survivors passed over; t is kept in float64 beside θ. Before training t is 0.
 * With `annealFrom` more units are on in the first steps; min is that of the ⌊k·m⌋ largest all the same, so that encoding has k.
 * [Bussmann et al. 2024, arXiv 2412.06410]
 */
export const batchTopK: LayerKind<BatchTopKSpec> = {
  schema: v.strictObject({
    kind: v.literal('batch-top-k'),
    k: positive(),
    annealFrom: v.optional(positive()),
    annealOver: annealOver(),
    rate: v.optional(openUnit()),
    layer: layerIndex(),
  }),
  exact: true, // but at ties
  selects: true,
  losers: true,
  reluAlone: true,
  autoencodersAlone: true,
  defaults: { activation: 'relu', output: 'linear', tied: false, dictionary: true },

  flags: {
    k: { flag: '--k <n>', takes: 'number', says: 'units of an example that are on on average', byDefault: 32 },
    ...annealingFlags,
  },

  refuses: refusedAnnealing,
  settles: settlesAfter,

  encodesApart: () => false,

  tensors: () => [{ name: 'threshold', shape: [], role: 'model-state', range: [0, Number.MAX_VALUE] }],

  create(spec, place) {
    const { rate = 0.01 } = spec;
    let on = spec.k; // of an example, on average, at the present step
    const { k: kernels, storage, units, mode, tensor, latents } = place;
    const threshold = tensor('threshold').value;
    const least = vectorView(storage.allocateDoubles(1)); // of ⌊k·m⌋
    const leastOn = spec.annealFrom === undefined ? least : vectorView(storage.allocateDoubles(1)); // of all that are on
    let spare: Block | null = null; // a, once more
    let room = 0;
    const copyOf = (a: View): View => {
      const [m] = a.shape;
      if (spare === null || m > room) {
        if (spare !== null) storage.release(spare);
        spare = storage.allocate(m * units);
        room = m;
      }
      const copy = matrixView(spare, m, units);
      kernels.copy(copy, a);
      return copy;
    };
    const batch = mode === 'train';
    const above = vectorView(storage.allocate(units));
    let largest: SelectLargest | null = null; // loaded where there are several processes
    let likely = 0; // what survivors of the next batch are likely to exceed; no bit depends on it
    let screened: { readonly screening: Screening; readonly product: ScreenedProduct } | null = null;
    const screen = (screening: Screening, { a }: Pick<Code, 'a'>, product: ScreenedProduct) => {
      screened = { screening, product };
      kernels.fill(above, batch ? likely : 1);
      // t is a float64: whatever exceeds it exceeds a float32 a little below it, and `selectAbove` decides.
      if (!batch) kernels.blend(above, { ...threshold, shape: [units], stride: [0] }, 1 - 1e-6, above, 0);
      if (batch) screening.changed(); // what is likely is another from one call to the next
      screening.above(a, product, above);
    };
    return createUnits(place, {
      screen(screening, code, pairs, product) {
        screen(screening, code, product);
        if (batch || pairs === null || pairs.lengths === null) return; // of a batch, `select` comes after
        kernels.selectAbove(pairs.values, pairs.indices, pairs.lengths, code.a, threshold);
      },
      selection: {
        width: () => units,
        ragged: true,
        ofBatch: batch,
        async select({ values, indices, lengths }, { a }, share) {
          if (lengths === null) throw new Error('rows of their own lengths have lengths');
          if (!batch) {
            kernels.selectAbove(values, indices, lengths, a, threshold);
            return;
          }
          const m = share?.m ?? a.shape[0];
          const together = latents ?? (share !== undefined && share.size > 1 ? share : null);
          /** The ⌊each·m⌋ largest, and the smallest of them; whether there were fewer, where processes choose together. */
          const choose = async (from: View, each: number, into: View) => {
            const count = Math.floor(each * m + 1e-9); // 0.1·30 is 3
            if (together === null) {
              kernels.selectLargestOfAll(values, indices, lengths, into, from, count);
              return { count, fewer: false, smallest: 0 };
            }
            const split = latents === null ? 'rows' : 'columns';
            largest ??= (await import('./select-largest.ts')).selectLargestOver(kernels, split);
            const chosen = await largest(from, count, together);
            kernels.selectLargestOfAll(values, indices, lengths, into, from, chosen.own);
            return { count, fewer: chosen.fewer, smallest: await leastOfAll(place, into, chosen.least, together) };
          };
          /** Whether what should survive may be among what is not likely to, the same in all processes. */
          const survive = async () => {
            const asked = likely;
            if (on > spec.k) await choose(copyOf(a), spec.k, least);
            const into = on > spec.k ? leastOn : least;
            const { count, fewer, smallest } = await choose(a, on, into);
            if (together !== null) {
              likely = Math.fround(LIKELY * smallest);
              return fewer || smallest <= asked; // of processes that screen nothing it may be one
            }
            if (screened === null) return false;
            let found = 0;
            for (const n of await kernels.copyOut(lengths)) found += n;
            likely = Math.fround(LIKELY * (await kernels.copyOut(into))[0]);
            return found < count;
          };
          const asked = likely;
          if ((await survive()) && asked > 0) {
            likely = 0; // fewer than there should be exceed what was likely
            if (screened !== null) screen(screened.screening, { a }, screened.product);
            await survive();
          }
        },
        atStep(step, steps) {
          if (batch) on = onAt(spec, step, steps);
        },
        advance: () => kernels.moveThreshold(threshold, least, rate),
      },
    });
  },

  proof: [{ kind: 'batch-top-k', k: 1.5 }],

  /** The gap between the last survivor of the batch and the first loser. */
  kinkDistance({ k }, a, units) {
    const count = Math.floor((k * a.length) / units + 1e-9);
    const ranked = a.slice().sort().reverse();
    return count < ranked.length && ranked[count] > 0 ? ranked[count - 1] - ranked[count] : Number.POSITIVE_INFINITY;
  },
};

/** The smallest survivor of all processes, `known` or not, in the place of this one's. */
async function leastOfAll(
  { k }: LayerPlace,
  least: View,
  known: number | null,
  share: Omit<BatchShare, 'm'>,
): Promise<number> {
  let smallest = known;
  if (smallest === null) {
    const byRank = new Float64Array(share.size);
    byRank[share.rank] = (await k.copyOut(least))[0];
    await share.total(byRank);
    const found = byRank.filter((value) => value > 0);
    smallest = found.length === 0 ? 0 : Math.min(...found);
  }
  k.write(least, [smallest]);
  return smallest;
}
