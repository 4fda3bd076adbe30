import * as v from 'valibot';
import { type View, vectorView } from '../array/matrix.ts';
import type { ScreenedProduct, Screening } from '../kernels/screening.ts';
import { layerIndex, openUnit, positive } from '../validate.ts';
import type { Code } from './code.ts';
import { keepOfAll } from './latent-selection.ts';
import type { BatchShare, LayerKind, LayerPlace } from './layer.ts';
import { createUnits } from './units.ts';

/** Of the least survivor of a batch, what those of the next are likely to exceed. */
const LIKELY = 0.8;

/** BatchTopK units: relu(z) at the ⌊k·m⌋ largest z of the m examples of a batch. */
export interface BatchTopKSpec {
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
 * [Bussmann et al. 2024, arXiv 2412.06410]
 */
export const batchTopK: LayerKind<BatchTopKSpec> = {
  schema: v.strictObject({
    kind: v.literal('batch-top-k'),
    k: positive(),
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
  },

  refuses({ k }, units) {
    return k > units ? ['k', `is ${k}: the layer has ${units} units, so it must be at most ${units}`] : null;
  },

  encodesApart: () => false,

  tensors: () => [{ name: 'threshold', shape: [], role: 'model-state', range: [0, Number.MAX_VALUE] }],

  create({ k, rate = 0.01 }, place) {
    const { k: kernels, storage, units, mode, tensor, latents } = place;
    const threshold = tensor('threshold').value;
    const least = vectorView(storage.allocateDoubles(1));
    const batch = mode === 'train';
    const above = vectorView(storage.allocate(units));
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
          const count = Math.floor(k * m + 1e-9); // 0.1·30 is 3
          if (latents !== null) {
            const choose = () => {
              kernels.selectLargestOfAll(values, indices, lengths, least, a, count);
              return keepOfAll(kernels, latents, { values, indices, lengths }, a, least, count);
            };
            const found = await choose();
            // What is likely is the same everywhere, though screenings are there sooner or later: all go over it again, or none.
            if (likely > 0 && (found < count || (await kernels.copyOut(least))[0] <= likely)) {
              likely = 0;
              if (screened !== null) screen(screened.screening, { a }, screened.product);
              await choose();
            }
            likely = LIKELY * (await kernels.copyOut(least))[0];
            return;
          }
          const own = share === undefined || share.size === 1 ? count : await ownShare(place, a, count, share);
          kernels.selectLargestOfAll(values, indices, lengths, least, a, own);
          if (share !== undefined && share.size > 1) await leastOfAll(place, least, share);
          else if (screened !== null) {
            let found = 0;
            for (const n of await kernels.copyOut(lengths)) found += n;
            if (likely > 0 && found < own) {
              likely = 0; // fewer than there should be exceed what was likely
              screen(screened.screening, { a }, screened.product);
              kernels.selectLargestOfAll(values, indices, lengths, least, a, own);
            }
            likely = LIKELY * (await kernels.copyOut(least))[0];
          }
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

/**
 * How many of the `count` largest of the whole batch are among this process's rows: its own above the count-th largest, which
 * is found by halving an interval, and of its equals what lower rows leave.
 */
async function ownShare({ k }: LayerPlace, a: View, count: number, share: BatchShare): Promise<number> {
  const results = k.allocateResults(1);
  const own = async (bound: number) => {
    k.clearResults(results);
    k.countAtLeast(results, 0, a, bound);
    return (await k.read(results))[0];
  };
  const total = async (n: number) => {
    const sum = Float64Array.of(n);
    await share.total(sum);
    return sum[0];
  };
  const all = await own(Number.MIN_VALUE);
  if ((await total(all)) <= count) return all;
  const bits = new BigUint64Array(1);
  const numbers = new Float64Array(bits.buffer);
  const numberOf = (n: bigint) => {
    bits[0] = n;
    return numbers[0];
  };
  // Numbers above 0 are in the order of their bits: the largest bound that at least `count` reach.
  let low = 1n;
  let high = 0x7ff0000000000000n;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if ((await total(await own(numberOf(middle)))) >= count) low = middle;
    else high = middle;
  }
  const above = await own(numberOf(low + 1n));
  const equals = (await own(numberOf(low))) - above;
  const byRank = new Float64Array(share.size);
  byRank[share.rank] = equals;
  await share.total(byRank);
  let left = count - (await total(above));
  for (let rank = 0; rank < share.rank; rank++) left -= byRank[rank];
  return above + Math.max(0, Math.min(equals, left));
}

/** The smallest survivor of all processes in the place of this one's. */
async function leastOfAll({ k }: LayerPlace, least: View, share: BatchShare): Promise<void> {
  const byRank = new Float64Array(share.size);
  byRank[share.rank] = (await k.copyOut(least))[0];
  await share.total(byRank);
  const found = byRank.filter((value) => value > 0);
  k.write(least, [found.length === 0 ? 0 : Math.min(...found)]);
}
