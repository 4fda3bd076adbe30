import * as v from 'valibot';
import { vectorView } from '../array/matrix.ts';
import { layerIndex, nonNegative } from '../validate.ts';
import type { TermKind } from './term.ts';

/** γ: (γ/m) Σₖ Σⱼ |aⱼ(xₖ)|. */
export interface L1Spec {
  /** Of the sparsity. */
  readonly kind: 'l1';
  /** γ ≥ 0. */
  readonly weight: number;
  /** (γ/m) Σₖ Σⱼ |aⱼ|‖Dⱼ‖: a longer row of the decoder then makes no smaller code cheaper. Default false. */
  readonly decoderNorm?: boolean | undefined;
  /** Which hidden layer, from 0. Default the last, the code. */
  readonly layer?: number | undefined;
}

/**
 * (γ/m) Σₖ Σⱼ |aⱼ(xₖ)|: summed over units, mean over examples. ∂/∂a = (γ/m) sign(a), 0 at 0: a kink there.
 * With unbounded units and a decoder of its own, weight decay is needed beside it: smaller codes and a larger D otherwise
 * lower the penalty for nothing; or `decoderNorm`: (γ/m) Σₖ Σⱼ |aⱼ|‖Dⱼ‖, whose derivative by D is ∇Dⱼ += (γ/m) Σₖ |aⱼ|·Dⱼ/‖Dⱼ‖.
 * [Conerly et al., Anthropic, April 2024]
 */
export const l1: TermKind<L1Spec> = {
  schema: v.strictObject({
    kind: v.literal('l1'),
    weight: nonNegative(),
    decoderNorm: v.optional(v.boolean('it must be true or false')),
    layer: layerIndex(),
  }),

  needsDecoder: ({ decoderNorm = false }) => decoderNorm,

  defaults: ({ decoderNorm = false }) =>
    decoderNorm ? { activation: 'relu', output: 'linear', tied: false, dictionary: true } : {},

  flags: { weight: { flag: '--sparsity-weight <beta>', takes: 'number', says: 'γ of l1', byDefault: 0.01 } },

  create({ weight, decoderNorm = false }, { k, storage, units, output }) {
    if (!decoderNorm || output === null) {
      return {
        name: 'sparsity',
        backward({ results, slot, dCode, code, m, moment }) {
          k.l1Sparsity(dCode, results, slot, code.a, weight * moment.penalty, m); // value and derivative in one pass over A
        },
      };
    }
    const squares = vectorView(storage.allocate(units));
    const pull = vectorView(storage.allocate(units));
    return {
      name: 'sparsity',
      backward({ results, slot, dCode, code, m, moment }) {
        k.rowSquaredNorms(squares, output.rows); // ‖Dⱼ‖²
        k.normWeightedL1(dCode, pull, results, slot, code.a, squares, weight * moment.penalty, m);
        k.addScaledRows(output.dRows, pull, output.rows); // ∇Dⱼ += (γ/m) Σₖ |aⱼ|·Dⱼ/‖Dⱼ‖
      },
    };
  },

  proof: [{ kind: 'l1', weight: 0.3 }],

  kinkDistance: (a) => a.reduce((least, value) => (value === 0 ? least : Math.min(least, Math.abs(value))), Infinity),
};
