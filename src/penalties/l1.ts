import * as v from 'valibot';
import { layerIndex, nonNegative } from '../validate.ts';
import type { PenaltyKind } from './activation-penalty.ts';

/** γ: (γ/m) Σₖ Σⱼ |aⱼ(xₖ)|. */
export interface L1Spec {
  /** Of the sparsity. */
  readonly kind: 'l1';
  /** γ ≥ 0. */
  readonly weight: number;
  /** Which hidden layer, from 0. Default the last, the code. */
  readonly layer?: number;
}

/**
 * (γ/m) Σₖ Σⱼ |aⱼ(xₖ)|: summed over units, mean over examples. ∂/∂a = (γ/m) sign(a), 0 at 0: a kink there.
 * With unbounded units and a decoder of its own, weight decay is needed beside it: smaller codes and a larger D otherwise
 * lower the penalty for nothing.
 */
export const l1: PenaltyKind<L1Spec> = {
  schema: v.strictObject({ kind: v.literal('l1'), weight: nonNegative(), layer: layerIndex() }),

  create: (_, { weight }) => ({
    term: 'sparsity',
    backward(k, results, slot, dA, a) {
      k.l1Sparsity(dA, results, slot, a, weight); // value and derivative in one pass over A
    },
  }),
};
