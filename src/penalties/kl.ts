import * as v from 'valibot';
import { vector } from '../array/matrix.ts';
import { activations } from '../layers/activation.ts';
import { layerIndex, nonNegative, openUnit } from '../validate.ts';
import type { PenaltyKind } from './activation-penalty.ts';

/** ρ and β: β Σⱼ KL(ρ‖ρ̂ⱼ). */
export interface KlSpec {
  /** Of the sparsity. */
  readonly kind: 'kl';
  /** ρ in (0, 1), the rate that each unit is held to. */
  readonly target: number;
  /** β ≥ 0; not divided by m. */
  readonly weight: number;
  /** Which hidden layer, from 0. Default the last, the code. */
  readonly layer?: number;
}

/**
 * β Σⱼ KL(ρ‖ρ̂ⱼ) = β Σⱼ ρ log(ρ/ρ̂ⱼ) + (1−ρ) log((1−ρ)/(1−ρ̂ⱼ)), ρ̂ⱼ = (1/m) Σₖ aⱼ(xₖ), the mean over the examples of
 * this evaluation: the whole set for L-BFGS, the mini-batch otherwise. tanh units: ρ̂ is the mean of (a+1)/2.
 * ∂/∂aⱼ(xₖ) = (1/m) β(−ρ/ρ̂ⱼ + (1−ρ)/(1−ρ̂ⱼ)), times ½ for tanh, the same for every example: the row `push`, its 1/m left
 * to ∇W and ∇b.
 * ρ̂ is clamped to [1e-8, 1 − 1e-8] where it is put into both formulas: a dead unit costs a finite amount and is still
 * pushed up, though the clamped value itself is level there. [Ng, CS294A notes, §3]
 */
export const kl: PenaltyKind<KlSpec> = {
  schema: v.strictObject({ kind: v.literal('kl'), target: openUnit(), weight: nonNegative(), layer: layerIndex() }),

  refuses(f) {
    if (activations[f].rate !== null) return null;
    return `sparsity kl needs activations with a rate in (0, 1), and ${f} has none: use sigmoid or tanh units, or sparsity l1`;
  },

  create(storage, { target, weight }, { units, f }) {
    const rate = activations[f].rate ?? { scale: 1, shift: 0 };
    const rhoHat = vector(storage.allocate(units));
    const push = vector(storage.allocate(units));
    return {
      term: 'sparsity',
      push,
      forward(kernels, results, slot, a) {
        kernels.fill(rhoHat, 0);
        kernels.addColumnSums(rhoHat, a, 1 / a.shape[0]); // ρ̂ⱼ = (1/m) Σₖ aⱼ(xₖ)
        kernels.klSparsity(push, results, slot, rhoHat, { target, weight, ...rate });
      },
    };
  },
};
