import * as v from 'valibot';
import { vectorView } from '../array/matrix.ts';
import type { ScreenedProduct, Screening } from '../kernels/screening.ts';
import { layerIndex, openUnit, positive } from '../validate.ts';
import { type Annealing, annealingFlags, annealOver, onAt, refusedAnnealing, settlesAfter } from './annealing.ts';
import type { batchSurvivors } from './batch-survivors.ts';
import type { Code } from './code.ts';
import type { LayerKind } from './layer.ts';
import { createUnits } from './units.ts';

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
    const { k: kernels, storage, units, mode, tensor } = place;
    const threshold = tensor('threshold').value;
    const least = vectorView(storage.allocateDoubles(1)); // of ⌊k·m⌋
    const batch = mode === 'train';
    const above = vectorView(storage.allocate(units));
    let survivors: ReturnType<typeof batchSurvivors> | null = null;
    const guess = { likely: 0 };
    let screened: { readonly screening: Screening; readonly product: ScreenedProduct } | null = null;
    const screen = (screening: Screening, { a }: Pick<Code, 'a'>, product: ScreenedProduct) => {
      screened = { screening, product };
      kernels.fill(above, batch ? guess.likely : 1);
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
          if (!batch && lengths !== null) {
            kernels.selectAbove(values, indices, lengths, a, threshold);
            return;
          }
          survivors ??= (await import('./batch-survivors.ts')).batchSurvivors(place, guess);
          const known = screened;
          const again = known && (() => screen(known.screening, { a }, known.product));
          await survivors({ values, indices, lengths }, a, { k: spec.k, on, least, share, again });
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
