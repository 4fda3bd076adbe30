import type { View } from '../array/matrix.ts';
import type { ActivationName, Kernels, Results } from '../kernels/kernels.ts';

export type LossName = 'squared-error' | 'cross-entropy';
export const lossNames = ['squared-error', 'cross-entropy'] as const;

/**
 * The mean over examples of L(x, x̂), summed over coordinates, into results[slot]; and δ = ∂L/∂z of the output layer's
 * pre-activations z, without 1/m. delta, z, xHat = g(z), x: (m, d).
 */
export type ReconstructionLoss = (
  k: Kernels,
  delta: View,
  results: Results,
  slot: number,
  z: View,
  xHat: View,
  x: View,
  g: ActivationName,
) => void;

export const reconstructionLosses: Readonly<Record<LossName, ReconstructionLoss>> = {
  /** L = ½‖x̂ − x‖²; δ = (x̂ − x) ⊙ g′(z). */
  'squared-error': (k, delta, results, slot, _z, xHat, x, g) => {
    k.squaredError(delta, results, slot, xHat, x);
    k.delta(delta, delta, null, xHat, g);
  },
  /** L = −Σᵢ xᵢ log x̂ᵢ + (1−xᵢ) log(1−x̂ᵢ), x̂ = σ(z), x in [0, 1], from logits; σ′ cancels: δ = x̂ − x. */
  'cross-entropy': (k, delta, results, slot, z, _xHat, x) => {
    k.crossEntropy(delta, results, slot, z, x);
  },
};
