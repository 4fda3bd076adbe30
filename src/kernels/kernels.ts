import type { AnyNumbers, Block, Numbers, Precision, View } from '../array/matrix.ts';
import type { Activation } from './activations/activation.ts';
import type { DictionaryKernels } from './dictionary-kernels.ts';
import type { Results } from './results.ts';
import type { Screening } from './screening.ts';

export type { KernelChoice, KernelKind, KernelOptions } from './options.ts';
export type { Results } from './results.ts';

/** How the mean activation ρ̂ enters KL(ρ‖·): the rate is scale·ρ̂ + shift, in (0, 1). */
export interface KlSparsity {
  /** ρ, the target activation, in (0, 1). */
  readonly target: number;
  /** β ≥ 0. */
  readonly weight: number;
  /** Of the rate. */
  readonly scale: number;
  /** Of the rate. */
  readonly shift: number;
}

/** θ ← θ + v with v ← μv − ηg (classical), or θ ← θ + μv − ηg with the new v (Nesterov). */
export interface MomentumStep {
  /** η. */
  readonly learningRate: number;
  /** μ. */
  readonly momentum: number;
  /** Whether θ moves by μv − ηg with the new v. */
  readonly nesterov: boolean;
}

/** One Adam step; `step` counts from 1. ε is added outside the square root. [Kingma & Ba 2015, Algorithm 1] */
export interface AdamStep {
  /** η. */
  readonly learningRate: number;
  /** β₁. */
  readonly beta1: number;
  /** β₂. */
  readonly beta2: number;
  /** ε. */
  readonly epsilon: number;
  /** t, counted from 1. */
  readonly step: number;
}

/** A GPU that kernels run on. */
export interface Adapter {
  /** Such as nvidia or apple; empty where a browser keeps it to itself. */
  readonly vendor: string;
  /** Such as ampere. */
  readonly architecture: string;
  /** Name of the device or its driver, as far as it is told. */
  readonly description: string;
  /** How much it takes. */
  readonly limits: {
    /** Bytes of one buffer, which a block of storage must fit in. */
    readonly largestBuffer: number;
    /** Bytes of a buffer that one kernel sees at once; longer operands are split. */
    readonly largestBinding: number;
  };
}

/** Storage that kernels can reach. Whoever allocates gives it back. */
export interface Storage {
  /** Zeroed storage. @throws InputError where there is no room. */
  allocate(length: number): Block;
  /** Zeroed storage in float64, whatever the precision: for counters and averages. Kernels that take it say so. */
  allocateDoubles(length: number): Block;
  /** Zeroed storage for column numbers. */
  allocateIndices(length: number): Block;
  /** Gives storage back that was allocated here; its content is void. Null is passed over. */
  release(storage: Block | null): void;
  /** Storage for the same kernels that one `dispose` gives back; it also goes with its parent's. */
  fork(): Storage;
  /** Bytes allocated here and in forks. */
  heldBytes(): number;
  /** Gives back everything that was allocated here and in forks. */
  dispose(): void;
}

/** Storage whose blocks are typed arrays. */
export interface CpuStorage extends Storage {
  allocate(length: number): Numbers;
  allocateDoubles(length: number): Float64Array;
  allocateIndices(length: number): Uint32Array;
  fork(): CpuStorage;
}

/**
 * The contract: the only code that loops over numbers. Everything above calls these and never learns which run.
 * - Output first. Operands are views (data, shape, stride, offset), so a transpose is a stride view.
 * - What is written or computed lies in storage that these kernels, or a fork of it, allocated: data of callers come in
 *   through `write` and `gatherRows` alone.
 * - A kernel neither allocates, nor checks, nor returns a number. Shapes are checked once, at the public entry.
 * - Elementwise kernels allow out to be their first input (the same view). `gemm` forbids it.
 * - Where gradients meet, kernels add; `cost.ts` clears once.
 * - Sums over examples are divided by m where a docstring says so: `m` is a number of its own, for the rows at hand may be
 *   a part of the batch.
 */
export interface Kernels extends Storage, DictionaryKernels {
  /** Which kernels run: 'reference', 'simd', 'simd-relaxed', 'simd-wide' or 'webgpu'. Their results differ in rounding, but those of 'simd-relaxed' and 'simd-wide'. */
  readonly name: string;
  /** Of parameters, codes and gradients. */
  readonly precision: Precision;
  /** How many threads share the work; their number changes no bit. */
  readonly threads: number;
  /** Why there are fewer threads than were asked for, or other kernels; null where there is nothing to say. */
  readonly note: string | null;
  /** Which GPU they run on; absent on a processor. */
  readonly adapter?: Adapter | undefined;
  /** How many devices were lost: all storage that was not kept has been 0 since. Absent where none can be lost. */
  readonly losses?: number | undefined;

  // ── results and data ────────────────────────────────────────────────────────────────────────────────────────
  /** Result slots, zeroed. */
  allocateResults(length: number): Results;
  /** Copies values in, converting to the precision: out[i] = values[i], row-major. */
  write(out: View, values: ArrayLike<number>): void;
  /**
   * A view's numbers as all kernels called so far leave them, row-major, in storage that the caller owns: `out`, or newly
   * made. Later calls change nothing of it.
   */
  copyOut(view: View, out?: Numbers): Promise<Numbers>;
  /** Sets every slot to 0. */
  clearResults(results: Results): void;
  /** A copy of every slot as all kernels called so far leave it: one read ends a step. */
  read(results: Results): Promise<Float64Array>;

  /** From now on what is in a block outlives a device that is lost, but for what the last second has changed. Absent where none can be lost. */
  keep?(block: Block): void;
  /**
   * Rows of x lie where kernels reach them until `storage` is disposed, so that `gatherRows` of x sends no more than the numbers of
   * rows; x must not change meanwhile. Passed over where there is no room. Absent where rows are within reach anyway.
   */
  hold?(storage: Storage, x: View<AnyNumbers>): Promise<void>;

  /**
   * What finds codes of a layer without all of z, its buffers in `storage`; null while it is loaded, or where the layer is too small
   * for it. Absent where kernels have none.
   */
  screening?(storage: Storage, inputs: number, units: number): Screening | null;

  // ── vectors and matrices ────────────────────────────────────────────────────────────────────────────────────
  /** out = value. */
  fill(out: View, value: number): void;
  /** out = x. */
  copy(out: View, x: View): void;
  /** out += α·x. */
  axpy(out: View, alpha: number, x: View): void;
  /** out *= α. */
  scale(out: View, alpha: number): void;
  /** out = α·x + β·y, elementwise; out may be x or y. Any of them may lie in doubles. */
  blend(out: View, x: View, alpha: number, y: View, beta: number): void;
  /** out += a ⊙ b, elementwise. */
  addProducts(out: View, a: View, b: View): void;
  /** results[slot] += Σ x·y, accumulated in float64. */
  dot(results: Results, slot: number, x: View, y: View): void;
  /** out = α·a·b + β·out. out (p, r), a (p, q), b (q, r); β = 0 ignores what out held, NaN included. out shares no storage with a or b. */
  gemm(out: View, a: View, b: View, alpha: number, beta: number): void;
  /**
   * out = α·a·b + β·from, with the bits of `out = β·from`, then `gemm` over it, in one pass. Rows of `from` may all be one
   * (row stride 0). Not all kernels have it.
   */
  gemmFrom?(out: View, a: View, b: View, alpha: number, beta: number, from: View): void;
  /** out_ij = row_j. */
  broadcastRow(out: View, row: View): void;
  /** out_ij += s_i·x_ij. */
  addScaledRows(out: View, s: View, x: View): void;
  /** out_i = Σⱼ x_ij². */
  rowSquaredNorms(out: View, x: View): void;
  /** out_ij += α u_i v_j. */
  addOuter(out: View, alpha: number, u: View, v: View): void;
  /** out_i += α x_i·v, accumulated in float64. */
  addRowDots(out: View, alpha: number, x: View, v: View): void;
  /** out_j += α Σᵢ s_i x_ij, accumulated in float64. */
  addWeightedRows(out: View, alpha: number, s: View, x: View): void;
  /** out_j += α Σᵢ a_ij. */
  addColumnSums(out: View, a: View, alpha: number): void;
  /** Row i of out = row rows[i] of data, divided by data's unit (1 where it has none), converted to the precision. */
  gatherRows(out: View, data: View<AnyNumbers>, rows: Uint32Array): void;

  // ── layers ──────────────────────────────────────────────────────────────────────────────────────────────────
  /** out = f(z). */
  activate(out: View, z: View, f: Activation): void;
  /**
   * out_ij = (upstream_ij + push_j)·f′(z_ij), f′ from the output a = f(z); `push` null counts as 0. out may be upstream;
   * it shares no storage with a.
   */
  delta(out: View, upstream: View, push: View | null, a: View, f: Activation): void;

  /** out_k = softmax(z_k), row by row: exp(z_kj − max) / Σ exp(z_ki − max). (m, classes), out may be z. */
  softmax(out: View, z: View): void;
  /**
   * out_k = Σⱼ f′(z_kj)² r_j, f′ from the output a = f(z): ‖∂a/∂x‖²_F of each example, r_j = ‖W_j‖². `selected`: of a ≠ 0
   * alone, where a selection has left the others at 0. out (m), a (m, h), r (h).
   */
  jacobianSquares(out: View, a: View, r: View, f: Activation, selected: boolean): void;

  // ── sparse codes: the active units of each example as (index, value) pairs, so that zeros are not multiplied ──
  // values, indices (m, k); lengths (m) in indices' storage: how many pairs of each row count, null where all do; what lies
  // behind them is void. These add in out's precision, one pair after the other.
  /**
   * values, indices (m, k), indices of column stride 1: the k largest a_ij of each row and their columns, in rising order of the columns; of equal
   * values the lower column survives. Every other a_ij becomes 0.
   */
  selectLargest(values: View, indices: View, a: View): void;
  /** out_i += Σₜ values_it · rows[indices_it]. out (m, d), rows (h, d). */
  addSparseRows(out: View, values: View, indices: View, rows: View, lengths?: View | null): void;
  /** out_it = dense_i · rows[indices_it]. out (m, k), dense (m, d), rows (h, d). */
  sparseDots(out: View, dense: View, indices: View, rows: View, lengths?: View | null): void;
  /** out_it = dense[i, indices_it]. */
  gatherColumns(out: View, dense: View, indices: View, lengths?: View | null): void;
  /** out[indices_it] += α·values_it·dense_i, row by row. out (h, d), dense (m, d). */
  addSparseOuter(out: View, alpha: number, values: View, indices: View, dense: View, lengths?: View | null): void;
  /** out[indices_it] += α·values_it. out (h). */
  addSparseSums(out: View, alpha: number, values: View, indices: View, lengths?: View | null): void;

  // ── losses and penalties: the value goes to results[slot], the derivative to the first operand ──────────────
  // `emphasis` e weighs each coordinate of each example, (m, d); null counts as 1 everywhere.
  /** results[slot] += (1/m) Σ e·½(x̂ − x)², summed over examples and coordinates; dXHat = e·(x̂ − x), without 1/m. */
  squaredError(
    dXHat: View,
    results: Results,
    slot: number,
    xHat: View,
    x: View,
    emphasis: View | null,
    m: number,
  ): void;
  /**
   * results[slot] += (1/m) Σ e·(log(1 + exp z) − x·z) = −(1/m) Σ e·(x log σ(z) + (1−x) log(1−σ(z))), from logits z, so it
   * never overflows; delta = e·(σ(z) − x), the derivative with respect to z, without 1/m.
   */
  crossEntropy(delta: View, results: Results, slot: number, z: View, x: View, emphasis: View | null, m: number): void;
  /**
   * results[slot] += (1/m) Σₖ log Σⱼ exp z_kj − y_k·z_k, from logits z and rows y that sum to 1 (one-hot labels);
   * delta = softmax(z) − y, without 1/m.
   */
  softmaxCrossEntropy(delta: View, results: Results, slot: number, z: View, y: View, m: number): void;
  /** results[slot] += (λ/2) Σ w²; dW = λ·w: what the gradient begins with. */
  weightDecay(dW: View, results: Results, slot: number, w: View, lambda: number): void;
  /** The first half of `weightDecay` alone, where `gemmFrom` makes the other. */
  weightDecayCost?(results: Results, slot: number, w: View, lambda: number): void;
  /** results[slot] += γ Σ |w|; dW += γ·sign(w), 0 at 0. */
  weightL1(dW: View, results: Results, slot: number, w: View, gamma: number): void;
  /**
   * With r_j = scale·ρ̂_j + shift, clamped to [ε, 1−ε], ε = 1e-8, in value and derivative alike:
   * results[slot] += β Σⱼ ρ log(ρ/r_j) + (1−ρ) log((1−ρ)/(1−r_j)); push_j = scale·β(−ρ/r_j + (1−ρ)/(1−r_j)).
   */
  klSparsity(push: View, results: Results, slot: number, rhoHat: View, kl: KlSparsity): void;
  /** results[slot] += (γ/m) Σ |a|, over examples and units; dA += γ·sign(a), 0 at 0, without 1/m. */
  l1Sparsity(dA: View, results: Results, slot: number, a: View, gamma: number, m: number): void;
  /**
   * κ/m times the squared Frobenius norm of each example's Jacobian ∂a/∂x, with r_j = ‖W_j‖² in `norms` and f′, f″ from a:
   * results[slot] += (κ/m) Σₖ Σⱼ f′(z_kj)² r_j; dA_kj += 2κ·r_j·f″(z_kj), without 1/m, to be multiplied by f′;
   * pull_j = (2κ/m) Σₖ f′(z_kj)², by which ∇W_j gains pull_j·W_j.
   */
  contraction(
    dA: View,
    pull: View,
    results: Results,
    slot: number,
    a: View,
    norms: View,
    f: Activation,
    kappa: number,
    m: number,
  ): void;

  // ── optimizers: one pass over flat vectors of stride 1 ─────────────────────────────────────────────────────────
  // before = θ as it was.
  /** before ← θ; v ← μv − ηg; θ ← θ + v, or with Nesterov θ ← θ + μv − ηg. */
  momentumStep(theta: View, before: View, velocity: View, gradient: View, options: MomentumStep): void;
  /** before ← θ; m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; θ ← θ − η·m̂/(√v̂ + ε), corrected for their beginning at 0. */
  adamStep(theta: View, before: View, first: View, second: View, gradient: View, options: AdamStep): void;
}

/** Kernels whose blocks are typed arrays: plain loops over their views work. */
export interface CpuKernels extends Omit<Kernels, keyof Storage>, CpuStorage {
  /** As `copyOut`, at once: kernels are done when they return. */
  copyNow(view: View, out: Numbers): void;
}
