import { transposed, type View } from '../array/matrix.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Code, SparseRows } from './code.ts';

/** A parameter, and its gradient, to which a layer adds. */
export interface Trained {
  /** A view of θ. */
  readonly value: View;
  /** A view of ∂J/∂θ. */
  readonly gradient: View;
}

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
  /** c (inputs), the decoder's bias, which is taken from the input: Z = (A − c)·V + b. Null where it is not. */
  readonly center:
    | (Trained & {
        /** b − Vᵀc (units), made by `affineBias`. */
        readonly shifted: View;
      })
    | null;
  /** S (units, d), by which the examples themselves reach an output: Z gains X·Sᵀ. Null where they do not. */
  readonly skip: Trained | null;
}

/** What an affine map takes: its input, and the examples that the network began with. */
export interface AffineInput {
  readonly input: Code;
  /** X (rows, d). */
  readonly example: View;
}

/** Z = (A − c)·V + b (+ X·Sᵀ), over the pairs of A where A is sparse: z_k = b + Σₜ a_kt V[t]. Neither c nor S is the rule. */
export function affineForward(k: Kernels, z: View, { input, example }: AffineInput, p: AffineParameters): void {
  const { a, sparse } = input;
  if (sparse === null && p.skip === null && k.gemmFrom !== undefined) {
    k.gemmFrom(z, a, p.weight, 1, 1, repeated(affineBias(k, p), z));
    return;
  }
  affineStart(k, z, example, p);
  if (sparse === null) k.gemm(z, a, p.weight, 1, 1);
  else k.addSparseRows(z, sparse.values, sparse.indices, p.weight, sparse.lengths);
}

/** b − Vᵀc, which every row of Z gains; b where there is no c. */
export function affineBias(k: Kernels, { bias, weightT, center }: AffineParameters): View {
  if (center === null) return bias;
  k.copy(center.shifted, bias);
  k.addRowDots(center.shifted, -1, weightT, center.value); // b − Vᵀc
  return center.shifted;
}

/** Z = b − Vᵀc (+ X·Sᵀ): what does not depend on A. A itself is not copied to be centred. */
export function affineStart(k: Kernels, z: View, example: View, p: AffineParameters): void {
  k.broadcastRow(z, affineBias(k, p));
  if (p.skip !== null) k.gemm(z, example, transposed(p.skip.value), 1, 1);
}

/** A vector as every row of a matrix of the shape of `z`. */
function repeated({ data, offset, stride }: View, z: View): View {
  return { data, shape: z.shape, stride: [0, stride[stride.length - 1]], offset };
}

/**
 * Forward: Z = (A − c)·V + b + X·Sᵀ, and the data term is a mean over the m examples of the batch, so with Δ = ∂L/∂Z of
 * single examples ∇V += (1/m) (A − c)ᵀΔ, ∇b += (1/m) Σₖ δₖ, ∇c −= V (1/m) Σₖ δₖ and ∇S += (1/m) ΔᵀX: over the pairs of Δ
 * where the layer itself is sparse (`own`, Δ (rows, width)), or else over those of A. Both sparse: A's zeros are stored too.
 * Adds: tied weights receive both their contributions. `sum` is where (1/m) Σₖ δₖ goes, ∇b as a rule: whatever else it has
 * gained by then counts for c too. Null: nobody asks for it. `decay`: ∇V is yet to begin, with λV; see `beginsWeight`.
 */
export function affineBackward(
  k: Kernels,
  p: AffineParameters,
  { input: { a, sparse: below }, example }: AffineInput,
  aT: View,
  delta: View,
  own: SparseRows | null,
  m: number,
  sum: View | null = p.dBias,
  decay = 0,
): void {
  const { weight, dWeight, dWeightT, skip } = p;
  const share = 1 / m;
  if (own !== null) {
    k.addSparseOuter(dWeightT, share, delta, own.indices, a, own.lengths); // ∇Vᵀ[t] += (1/m) δ_kt a_k
    if (sum !== null) k.addSparseSums(sum, share, delta, own.indices, own.lengths);
  } else {
    if (below !== null)
      k.addSparseOuter(dWeight, share, below.values, below.indices, delta, below.lengths); // ∇V[t] += (1/m) a_kt δ_k
    else if (decay > 0) k.gemmFrom?.(dWeight, aT, delta, share, decay, weight);
    else k.gemm(dWeight, aT, delta, share, 1);
    if (sum !== null) k.addColumnSums(sum, delta, share);
  }
  if (skip !== null) k.gemm(skip.gradient, transposed(delta), example, share, 1);
  if (sum !== null) centerBackward(k, p, sum);
}

/** Forward: Z = (A − c)·V + b, so with s = (1/m) Σₖ δₖ ∇c −= V s and ∇Vᵀ −= s cᵀ. */
function centerBackward(k: Kernels, { weightT, dWeightT, center }: AffineParameters, sum: View): void {
  if (center === null) return;
  k.addWeightedRows(center.gradient, -1, sum, weightT);
  k.addOuter(dWeightT, -1, sum, center.value);
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
