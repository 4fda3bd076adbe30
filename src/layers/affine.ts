import type { View } from '../array/matrix.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { denseBackward, denseBackwardInput, denseForward } from './dense.ts';
import type { Survivors } from './selection.ts';

/**
 * Z = A·V + b where A or Δ may be given by survivors alone. Sparse operands are (index, value) pairs, so each product
 * costs k/h of the dense one. `delta` is (m, units), or (m, k) beside `survivors`, the layer's own.
 */
export interface Affine {
  /** V (inputs, units) and Vᵀ, with their gradients. */
  readonly weight: View;
  readonly weightT: View;
  readonly dWeight: View;
  readonly dWeightT: View;
  readonly bias: View;
  readonly dBias: View;
  readonly input: View;
  readonly inputT: View;
  /** Where the input is k-sparse. */
  readonly inputSurvivors: Survivors | null;
  readonly z: View;
  readonly delta: View;
  /** Where the layer itself is k-sparse. */
  readonly survivors: Survivors | null;
}

/** Z = A·V + b, over the survivors of A where A is sparse: z_k = b + Σₜ a_kt V[t]. */
export function affineForward(k: Kernels, { z, input, inputSurvivors: s, weight, bias }: Affine): void {
  if (s === null) {
    denseForward(k, z, input, weight, bias);
    return;
  }
  k.broadcastRow(z, bias);
  k.addSparseRows(z, s.values, s.indices, weight);
}

/** ∇V += (1/m) AᵀΔ, ∇b += (1/m) Σₖ δₖ: over the survivors of Δ, or else of A. Both sparse: A's zeros are stored too. */
export function affineBackward(k: Kernels, layer: Affine): void {
  const { dWeight, dWeightT, dBias, delta, input, inputT, inputSurvivors: below, survivors: own } = layer;
  const share = 1 / delta.shape[0];
  if (own !== null) {
    k.addSparseOuter(dWeightT, share, delta, own.indices, input); // ∇Vᵀ[t] += (1/m) δ_kt a_k
    k.addSparseSums(dBias, share, delta, own.indices);
  } else if (below !== null) {
    k.addSparseOuter(dWeight, share, below.values, below.indices, delta); // ∇V[t] += (1/m) a_kt δ_k
    k.addColumnSums(dBias, delta, share);
  } else {
    denseBackward(k, dWeight, dBias, delta, inputT);
  }
}

/**
 * Forward: Z = A·V + b, so ∂L/∂A = Δ·Vᵀ. Written to `out`: (m, inputs), or (m, k) at the survivors of A, to which alone δ
 * passes. `scratch` (m, inputs) serves the case that both are sparse.
 */
export function affineBackwardInput(k: Kernels, out: View, layer: Affine, scratch: View | null): void {
  const { delta, weight, weightT, inputSurvivors: below, survivors: own } = layer;
  if (own === null) {
    if (below === null) denseBackwardInput(k, out, delta, weightT);
    else k.sparseDots(out, delta, below.indices, weight); // δ_k · V[t] for the survivors t of A alone
    return;
  }
  const dense = below === null ? out : scratch;
  if (dense === null) throw new Error('two k-sparse layers in a row need scratch');
  k.fill(dense, 0);
  k.addSparseRows(dense, delta, own.indices, weightT); // Σₜ δ_kt Vᵀ[t]
  if (below !== null) k.gatherColumns(out, dense, below.indices);
}
