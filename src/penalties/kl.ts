import { vector } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import type { ActivationName, Kernels } from '../kernels/kernels.ts';
import { activations } from '../layers/activation.ts';
import type { ActivationPenalty, KlSpec } from './activation-penalty.ts';

/**
 * β Σⱼ KL(ρ‖ρ̂ⱼ) = β Σⱼ ρ log(ρ/ρ̂ⱼ) + (1−ρ) log((1−ρ)/(1−ρ̂ⱼ)), ρ̂ⱼ = (1/m) Σₖ aⱼ(xₖ), the mean over the examples of
 * this evaluation: the whole set for L-BFGS, the mini-batch otherwise. tanh units: ρ̂ is the mean of (a+1)/2.
 * ∂/∂aⱼ(xₖ) = (1/m) β(−ρ/ρ̂ⱼ + (1−ρ)/(1−ρ̂ⱼ)), the same for every example: the row `push`, its 1/m left to ∇W and ∇b.
 * ρ̂ is clamped to [1e-8, 1 − 1e-8] in value and derivative alike. [Ng, CS294A notes, §3]
 */
export function createKl(k: Kernels, spec: KlSpec, units: number, f: ActivationName): ActivationPenalty {
  const { rate } = activations[f];
  if (rate === null) throw new InputError(klNeedsRates(f));
  const kl = { target: spec.target, weight: spec.weight, ...rate };
  const rhoHat = vector(k.allocate(units));
  const push = vector(k.allocate(units));
  return {
    push,
    meanActivations: rhoHat,
    forward(kernels, results, slot, a) {
      kernels.fill(rhoHat, 0);
      kernels.addColumnSums(rhoHat, a, 1 / a.shape[0]);
      kernels.klSparsity(push, results, slot, rhoHat, kl);
    },
    backward() {
      // Nothing differs between examples: `push` says it all.
    },
  };
}

/** Why KL sparsity cannot sit on this activation, and what to use instead. */
export function klNeedsRates(f: ActivationName): string {
  return `sparsity kl needs activations with a rate in (0, 1), and ${f} has none: use sigmoid or tanh units, or sparsity l1`;
}
