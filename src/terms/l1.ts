import * as v from 'valibot';
import { layerIndex, nonNegative } from '../validate.ts';
import type { TermKind } from './term.ts';

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
export const l1: TermKind<L1Spec> = {
  schema: v.strictObject({ kind: v.literal('l1'), weight: nonNegative(), layer: layerIndex() }),

  flags: { weight: { flag: '--sparsity-weight <beta>', takes: 'number', says: 'γ of l1', byDefault: 0.01 } },

  create: ({ weight }, { k }) => ({
    name: 'sparsity',
    backward({ results, slot, dCode, code, m }) {
      k.l1Sparsity(dCode, results, slot, code.a, weight, m); // value and derivative in one pass over A
    },
  }),

  proof: [{ kind: 'l1', weight: 0.3 }],

  kinkDistance: (a) => a.reduce((least, value) => (value === 0 ? least : Math.min(least, Math.abs(value))), Infinity),
};
