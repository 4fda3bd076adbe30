import * as v from 'valibot';
import { positive } from '../../validate.ts';
import type { RuleKind } from './rule.ts';

/** The gradient's norm is held below a bound. */
export interface ClipNormSpec {
  /** Of the rule. */
  readonly kind: 'clip-norm';
  /** Above 0. */
  readonly most: number;
}

/** ∂J/∂θ ← ∂J/∂θ · min(1, most/‖∂J/∂θ‖₂). [Pascanu, Mikolov & Bengio, ICML 2013, Algorithm 1] */
export const clipNorm: RuleKind<ClipNormSpec> = {
  schema: v.strictObject({ kind: v.literal('clip-norm'), most: positive() }),
  flags: {
    most: { flag: '--clip-norm <norm>', takes: 'number', says: 'the gradient is held below this norm', implies: true },
  },
  create: ({ most }, { k, gradient }) => ({
    before({ gradientNorm }) {
      if (gradientNorm > most) k.scale(gradient, most / gradientNorm);
    },
  }),
};
