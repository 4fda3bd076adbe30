import type { ActivationPenalty, L1Spec } from './activation-penalty.ts';

/** (γ/m) Σₖ Σⱼ |aⱼ(xₖ)|: summed over units, mean over examples. ∂/∂a = (γ/m) sign(a), 0 at 0. */
export function createL1(spec: L1Spec): ActivationPenalty {
  return {
    push: null,
    meanActivations: null,
    forward() {
      // Value and derivative come from one pass over A, in `backward`.
    },
    backward(k, results, slot, dA, a) {
      k.l1Sparsity(dA, results, slot, a, spec.weight);
    },
  };
}
