import * as v from 'valibot';
import { dictionaryOf } from './dictionary-weights.ts';
import type { RuleKind } from './rule.ts';

/** The rows of a dictionary are held at norm 1. */
export interface UnitNormSpec {
  /** Of the rule. */
  readonly kind: 'unit-norm';
}

/**
 * ‖Dⱼ‖ = 1. Before a step the gradient loses what lies along the row, ∇Dⱼ −= (∇Dⱼ·Dⱼ/‖Dⱼ‖²) Dⱼ, which could only change the
 * norm; after it Dⱼ is divided by its norm. A model with `unitNorm` brings the rule. [Bricken et al., Anthropic, October 2023]
 */
export const unitNorm: RuleKind<UnitNormSpec> = {
  schema: v.strictObject({ kind: v.literal('unit-norm') }),
  create(_, { k, parameters }) {
    const dictionary = dictionaryOf('unit-norm', parameters);
    return {
      before: () => k.projectRows(dictionary.gradient, dictionary.value),
      after: () => k.normalizeRows(dictionary.value),
    };
  },
};
