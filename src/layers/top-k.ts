import * as v from 'valibot';
import { type View, vectorView } from '../array/matrix.ts';
import { layerIndex, positiveInteger } from '../validate.ts';
import { type Annealing, annealingFlags, annealOver, onAt, refusedAnnealing, settlesAfter } from './annealing.ts';
import { survivorGap } from './k-sparse.ts';
import type { Latents } from './latents.ts';
import type { Layer, LayerKind, LayerPlace } from './layer.ts';
import { createUnits } from './units.ts';

/** TopK units: relu(z) at the k largest z of each example. */
export interface TopKSpec extends Annealing {
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
 * one example at a time, but that k falls in training, rounded, where there is `annealFrom`. [Gao et al. 2024, arXiv 2406.04093, §2.3]
 */
export const topK: LayerKind<TopKSpec> = {
  schema: v.strictObject({
    kind: v.literal('top-k'),
    k: positiveInteger(),
    annealFrom: v.optional(positiveInteger()),
    annealOver: annealOver(),
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
    ...annealingFlags,
  },

  refuses: refusedAnnealing,
  settles: settlesAfter,

  tuned: ({ k }) => ({ kind: 'top-k', k }),

  create(spec, place) {
    const { decoderNorm = false } = spec;
    const { k: kernels, storage, units, decoderRows, mode } = place;
    const squares = decoderNorm ? vectorView(storage.allocate(units)) : null;
    let on = spec.k; // of an example, at the present step
    const most = () => on;
    const atStep = (step: number, steps: number) => {
      if (mode === 'train') on = Math.round(onAt(spec, step, steps));
    };
    if (place.latents !== null) return sharedTopK({ most, atStep }, place, place.latents, squares);
    return createUnits(place, {
      ...(decoderNorm
        ? {}
        : {
            screen(screening, { a }, pairs, product) {
              if (pairs !== null) screening.largest(pairs.values, pairs.indices, a, product, true);
            },
          }),
      selection: {
        width: most,
        atStep,
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

/** The same where several processes share the units: the k best of each row of each process, then those of all. */
function sharedTopK(
  { most, atStep }: { most(): number; atStep(step: number, steps: number): void },
  place: LayerPlace,
  latents: Latents,
  squares: View | null,
): Layer {
  const { k, units, decoderRows } = place;
  const norms = squares !== null && decoderRows !== null ? { squares, rows: decoderRows } : null;
  let selected = false; // by the screening
  return createUnits(place, {
    ...(norms === null
      ? {
          screen(screening, { a }, pairs, product) {
            if (pairs === null) return;
            screening.largest(pairs.values, pairs.indices, a, product, true);
            selected = true;
          },
        }
      : {}),
    selection: {
      width: () => Math.min(most(), units),
      atStep,
      ragged: true,
      ofBatch: true,
      async select(pairs, { a }) {
        const { values, indices, lengths } = pairs;
        if (lengths === null) throw new Error('rows of their own lengths have lengths');
        if (norms !== null) {
          k.rowSquaredNorms(norms.squares, norms.rows);
          k.scaleColumns(a, a, norms.squares, false); // relu(z)‖D‖
        }
        if (!selected) k.selectLargest(values, indices, a);
        selected = false;
        const { keepOfRows } = await import('./latent-selection.ts');
        await keepOfRows(k, latents, { values, indices, lengths }, a, most());
        if (norms !== null) {
          k.scaleColumns(a, a, norms.squares, true);
          k.gatherColumns(values, a, indices, lengths);
        }
      },
    },
  });
}
