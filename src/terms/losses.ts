import type { View } from '../array/matrix.ts';
import type { Activation } from '../kernels/activations/activation.ts';
import type { Kernels, Results } from '../kernels/kernels.ts';

/** What an autoencoder may be trained by. */
export const lossNames = ['squared-error', 'cross-entropy'] as const;
export type LossName = (typeof lossNames)[number];

/** What a loss sees of the output layer: pre-activations z, outputs g(z), what they should be, and its weights. */
export interface LossInput {
  readonly z: View;
  readonly output: View;
  readonly target: View;
  readonly emphasis: View | null;
  readonly g: Activation;
  /** Of the whole batch. */
  readonly m: number;
}

/**
 * The mean over examples of L, summed over coordinates, into results[slot]; and δ = ∂L/∂z of the output layer, without
 * 1/m. All views (m, d).
 */
export type Loss = (k: Kernels, delta: View, results: Results, slot: number, input: LossInput) => void;

export const losses: Readonly<Record<LossName | 'softmax', Loss>> = {
  /** L = ½ Σᵢ eᵢ(x̂ᵢ − xᵢ)²; δ = e ⊙ (x̂ − x) ⊙ g′(z). */
  'squared-error': (k, delta, results, slot, { output, target, emphasis, g, m }) => {
    k.squaredError(delta, results, slot, output, target, emphasis, m);
    k.delta(delta, delta, null, output, g);
  },
  /** L = −Σᵢ eᵢ(xᵢ log x̂ᵢ + (1−xᵢ) log(1−x̂ᵢ)), x̂ = σ(z), x in [0, 1], from logits; σ′ cancels: δ = e ⊙ (x̂ − x). */
  'cross-entropy': (k, delta, results, slot, { z, target, emphasis, m }) => {
    k.crossEntropy(delta, results, slot, z, target, emphasis, m);
  },
  /** L = −log p(y), p = softmax(z), y the one-hot label; δ = p − y. */
  softmax: (k, delta, results, slot, { z, target, m }) => {
    k.softmaxCrossEntropy(delta, results, slot, z, target, m);
  },
};
