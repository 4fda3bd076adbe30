import * as v from 'valibot';
import { activations } from '../kernels/activations/table.ts';
import { layerIndex, positive, positiveInteger, unit } from '../validate.ts';
import { annealingFlags, refusedSurvivors } from './annealing.ts';
import type { LayerKind } from './layer.ts';
import { createUnits } from './units.ts';

/**
 * k-sparse units: of each example the k largest signed z survive (of equal ones the lower index), all others are 0, and
 * δ passes through the survivors alone. They are told by a = f(z), whose order is that of z but where f saturates. [Makhzani & Frey, "k-Sparse autoencoders", arXiv 1312.5663, Algorithm 1]
 */
export interface KSparseSpec {
  /** Of the sparsity. */
  readonly kind: 'k-sparse';
  /** How many units of an example survive in training, at least 1. */
  readonly k: number;
  /** Encoding keeps round(αk) units. Default 1; 3 for k = 25 on MNIST in the paper. */
  readonly alpha?: number | undefined;
  /** Training begins with this many survivors, against dead units; default the larger of 100 and 4k, at most all. */
  readonly annealFrom?: number | undefined;
  /** … and reaches k linearly after this share of the epochs. Default 0.5; 0 trains with k from the start. */
  readonly annealOver?: number | undefined;
  /** Which hidden layer, from 0. Default the last, the code. */
  readonly layer?: number | undefined;
}

/** Survivors in training at `epoch` (from 0) of `epochs`: annealFrom → k over the first annealOver·epochs, rounded; the last epoch has k. */
export function survivorsAt({ k, annealFrom, annealOver }: KSparseSpec, units: number, epoch: number, epochs: number) {
  const from = Math.min(units, annealFrom ?? Math.max(100, 4 * k));
  const span = (annealOver ?? 0.5) * epochs;
  return epoch >= span || epoch === epochs - 1 ? k : Math.round(from + ((k - from) * epoch) / span);
}

/** Survivors in encoding: round(αk), at least 1, at most all. */
export function survivorsOfEncoding({ k, alpha = 1 }: KSparseSpec, units: number): number {
  return Math.max(1, Math.min(units, Math.round(alpha * k)));
}

export const kSparse: LayerKind<KSparseSpec> = {
  schema: v.strictObject({
    kind: v.literal('k-sparse'),
    k: positiveInteger(),
    alpha: v.optional(positive()),
    annealFrom: v.optional(positiveInteger()),
    annealOver: v.optional(unit()),
    layer: layerIndex(),
  }),
  exact: true, // but at ties
  selects: true,
  /** Makhzani & Frey's: linear units, tied weights from N(0, 0.01²). */
  defaults: { activation: 'linear', output: 'linear', tied: true, deviation: 0.01 },

  flags: {
    k: { flag: '--k <n>', takes: 'whole', says: 'survivors of k-sparse units', byDefault: 25, implies: true },
    alpha: { flag: '--alpha <factor>', takes: 'number', says: 'encoding keeps αk of k-sparse units' },
    ...annealingFlags,
  },

  refuses: refusedSurvivors,

  settles: ({ k, annealFrom, annealOver = 0.5 }) => (annealFrom === k ? 0 : annealOver),

  encodesApart: ({ k, alpha = 1 }) => Math.max(1, Math.round(alpha * k)) !== k,

  tuned: (spec, units) => ({ kind: 'k-sparse', k: survivorsOfEncoding(spec, units), annealOver: 0 }),

  create(spec, place) {
    const { k: kernels, units, mode } = place;
    let k = mode === 'encode' ? survivorsOfEncoding(spec, units) : spec.k;
    // Other activations saturate: units may then be equal whose z are not.
    const rectified = place.f === activations.relu;
    const screens = rectified || place.f === activations.linear;
    return createUnits(place, {
      ...(screens
        ? {
            screen(screening, { a }, pairs, product) {
              if (pairs !== null) screening.largest(pairs.values, pairs.indices, a, product, rectified);
            },
          }
        : {}),
      selection: {
        width: () => k,
        select: ({ values, indices }, { a }) => kernels.selectLargest(values, indices, a),
        atEpoch(epoch, epochs) {
          if (mode === 'train') k = survivorsAt(spec, units, epoch, epochs);
        },
      },
    });
  },

  proof: [{ kind: 'k-sparse', k: 2, annealOver: 0 }],

  /** Two ReLU zeros change nothing. */
  kinkDistance: ({ k }, a, units) => survivorGap(k, a, units),
};

/** The least gap between the last survivor of a row and the first loser. */
export function survivorGap(k: number, a: Float64Array, units: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length && k < units; i += units) {
    const row = a
      .slice(i, i + units)
      .sort()
      .reverse();
    if (row[k - 1] !== 0 || row[k] !== 0) least = Math.min(least, row[k - 1] - row[k]);
  }
  return least;
}
