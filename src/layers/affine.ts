import type { View } from '../array/matrix.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Code, SparseRows } from './code.ts';

/** V (inputs, units) and b of a layer with their gradients: V = Wᵀ in the encoder, D in the decoder, tied or not. */
export interface AffineParameters {
  /** V (inputs, units). */
  readonly weight: View;
  /** Vᵀ: the same storage. */
  readonly weightT: View;
  /** ∇V, to which a layer adds. */
  readonly dWeight: View;
  /** ∇Vᵀ: the same storage. */
  readonly dWeightT: View;
  /** b (units). */
  readonly bias: View;
  /** ∇b, to which a layer adds. */
  readonly dBias: View;
}

/** Z = A·V + b, over the pairs of A where A is sparse: z_k = b + Σₜ a_kt V[t]. */
export function affineForward(k: Kernels, z: View, { a, sparse }: Code, { weight, bias }: AffineParameters): void {
  k.broadcastRow(z, bias);
  if (sparse === null) k.gemm(z, a, weight, 1, 1);
  else k.addSparseRows(z, sparse.values, sparse.indices, weight, sparse.lengths);
}

/**
 * Forward: Z = A·V + b, and the data term is a mean over the m examples of the batch, so with Δ = ∂L/∂Z of single examples
 * ∇V += (1/m) AᵀΔ and ∇b += (1/m) Σₖ δₖ: over the pairs of Δ where the layer itself is sparse (`own`, Δ (rows, width)), or
 * else over those of A. Both sparse: A's zeros are stored too. Adds: tied weights receive both their contributions.
 */
export function affineBackward(
  k: Kernels,
  { dWeight, dWeightT, dBias }: AffineParameters,
  { a, sparse: below }: Code,
  aT: View,
  delta: View,
  own: SparseRows | null,
  m: number,
): void {
  const share = 1 / m;
  if (own !== null) {
    k.addSparseOuter(dWeightT, share, delta, own.indices, a, own.lengths); // ∇Vᵀ[t] += (1/m) δ_kt a_k
    k.addSparseSums(dBias, share, delta, own.indices, own.lengths);
  } else {
    if (below !== null)
      k.addSparseOuter(dWeight, share, below.values, below.indices, delta, below.lengths); // ∇V[t] += (1/m) a_kt δ_k
    else k.gemm(dWeight, aT, delta, share, 1);
    k.addColumnSums(dBias, delta, share);
  }
}

/**
 * Forward: Z = A·V + b, so ∂L/∂A = Δ·Vᵀ. Written to `out`: (rows, inputs), or (rows, width) at the pairs of A, to which alone
 * δ passes. `scratch` (rows, inputs) serves the case that both are sparse.
 */
export function affineBackwardInput(
  k: Kernels,
  out: View,
  { weight, weightT }: AffineParameters,
  { sparse: below }: Code,
  delta: View,
  own: SparseRows | null,
  scratch: View | null,
): void {
  if (own === null) {
    if (below === null) k.gemm(out, delta, weightT, 1, 0);
    else k.sparseDots(out, delta, below.indices, weight, below.lengths); // δ_k · V[t] for the pairs t of A alone
    return;
  }
  const dense = below === null ? out : scratch;
  if (dense === null) throw new Error('two sparse layers in a row need scratch');
  k.fill(dense, 0);
  k.addSparseRows(dense, delta, own.indices, weightT, own.lengths); // Σₜ δ_kt Vᵀ[t]
  if (below !== null) k.gatherColumns(out, dense, below.indices, below.lengths);
}
