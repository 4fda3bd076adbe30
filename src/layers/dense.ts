import type { View } from '../array/matrix.ts';
import type { Kernels } from '../kernels/kernels.ts';

/**
 * Z = A·V + b. a: (m, p), weight V: (p, q), bias b: (q), z: (m, q).
 * The encoder passes V = Wᵀ, the decoder V = D; tied weights are one storage seen both ways.
 */
export function denseForward(k: Kernels, z: View, a: View, weight: View, bias: View): void {
  k.broadcastRow(z, bias);
  k.gemm(z, a, weight, 1, 1);
}

/**
 * Forward: Z = A·V + b, and the data term is a mean over the m examples, so with Δ = ∂L/∂Z of single examples
 * ∇V += (1/m) AᵀΔ and ∇b += (1/m) Σₖ δₖ. aT is Aᵀ. Adds: tied weights receive both their contributions.
 */
export function denseBackward(k: Kernels, dWeight: View, dBias: View, delta: View, aT: View): void {
  const m = delta.shape[0];
  k.gemm(dWeight, aT, delta, 1 / m, 1);
  k.addColumnSums(dBias, delta, 1 / m);
}

/** Forward: Z = A·V + b, so ∂L/∂A = Δ·Vᵀ. Writes dA (m, p); weightT is Vᵀ. */
export function denseBackwardInput(k: Kernels, dA: View, delta: View, weightT: View): void {
  k.gemm(dA, delta, weightT, 1, 0);
}
