import * as v from 'valibot';
import { vectorView } from '../array/matrix.ts';
import { layerIndex, positiveInteger } from '../validate.ts';
import { survivorGap } from './k-sparse.ts';
import type { LayerKind } from './layer.ts';
import { createUnits } from './units.ts';

/** TopK units: relu(z) at the k largest z of each example. */
export interface TopKSpec {
  /** Of the sparsity. */
  readonly kind: 'top-k';
  /** Units of an example that may be on, at least 1; fewer are where fewer z are above 0. */
  readonly k: number;
  /** Largest by z‖D‖, so that a unit is not chosen for a short row of the decoder. Default false. */
  readonly decoderNorm?: boolean | undefined;
  /** Which hidden layer, from 0. Default the last, the code. */
  readonly layer?: number | undefined;
}

/**
 * a = relu(z) at the k largest signed z of each example (of equal ones the lower column), 0 elsewhere; δ passes through the
 * survivors alone, and through those above 0. They are told by relu(z): where fewer than k are above 0, the rest is 0
 * anyway. With `decoderNorm` they are told by relu(z)‖D‖, which the choice alone sees. Training and encoding are the same,
 * one example at a time. [Gao et al. 2024, arXiv 2406.04093, §2.3]
 */
export const topK: LayerKind<TopKSpec> = {
  schema: v.strictObject({
    kind: v.literal('top-k'),
    k: positiveInteger(),
    decoderNorm: v.optional(v.boolean('it must be true or false')),
    layer: layerIndex(),
  }),
  exact: true, // but at ties
  selects: true,
  losers: true,
  reluAlone: true,
  autoencodersAlone: ({ decoderNorm = false }) => decoderNorm,
  defaults: { activation: 'relu', output: 'linear', tied: false, dictionary: true },

  flags: {
    k: { flag: '--k <n>', takes: 'whole', says: 'units of an example that may be on', byDefault: 32, implies: false },
  },

  refuses({ k }, units) {
    return k > units ? ['k', `is ${k}: the layer has ${units} units, so it must be at most ${units}`] : null;
  },

  tuned: ({ k }) => ({ kind: 'top-k', k }),

  create({ k, decoderNorm = false }, place) {
    const { k: kernels, storage, units, decoderRows } = place;
    const squares = decoderNorm ? vectorView(storage.allocate(units)) : null;
    return createUnits(place, {
      ...(decoderNorm
        ? {}
        : {
            screen(screening, { a }, pairs, product) {
              if (pairs !== null) screening.largest(pairs.values, pairs.indices, a, product, true);
            },
          }),
      selection: {
        width: () => k,
        select({ values, indices }, { a }) {
          if (squares === null || decoderRows === null) {
            kernels.selectLargest(values, indices, a);
            return;
          }
          kernels.rowSquaredNorms(squares, decoderRows);
          kernels.scaleColumns(a, a, squares, false); // relu(z)‖D‖
          kernels.selectLargest(values, indices, a);
          kernels.scaleColumns(a, a, squares, true);
          kernels.gatherColumns(values, a, indices);
        },
      },
    });
  },

  encodesApart: () => false,

  proof: [{ kind: 'top-k', k: 2 }],

  kinkDistance: ({ k }, a, units) => survivorGap(k, a, units),
};
