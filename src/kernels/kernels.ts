import type { AnyNumbers, Numbers, Precision, View } from '../array/matrix.ts';

/** Activation functions f, elementwise. Each derivative f′(z) is a function of the output a = f(z) alone. */
export type ActivationName = 'sigmoid' | 'tanh' | 'relu' | 'softplus' | 'linear';

/**
 * Sums that kernels leave behind, a float64 slot each. Kernels add to a slot and never return a number, so that an
 * engine may run behind the caller (threads, a GPU); one `read` at the end of a step brings every slot back.
 */
export interface Results {
  readonly length: number;
}

/** How the mean activation ρ̂ enters KL(ρ‖·): the rate is scale·ρ̂ + shift, in (0, 1). */
export interface KlSparsity {
  /** ρ, the target activation, in (0, 1). */
  readonly target: number;
  /** β ≥ 0. */
  readonly weight: number;
  readonly scale: number;
  readonly shift: number;
}

/** θ ← θ + v with v ← μv − ηg (classical), or θ ← θ + μv − ηg with the new v (Nesterov). */
export interface MomentumStep {
  readonly learningRate: number;
  readonly momentum: number;
  readonly nesterov: boolean;
}

/** One Adam step; `step` counts from 1. ε is added outside the square root. [Kingma & Ba 2015, Algorithm 1] */
export interface AdamStep {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly step: number;
}

/** Storage that kernels can reach. Whoever allocates gives it back. */
export interface Storage {
  /** Zeroed storage. @throws InputError where there is no room. */
  allocate(length: number): Numbers;
  /** Zeroed storage for column numbers. */
  allocateIndices(length: number): Uint32Array;
  /** Gives storage back that was allocated here; its content is void. Null is passed over. */
  release(storage: Numbers | Uint32Array | null): void;
  /** Storage for the same kernels that one `dispose` gives back; it also goes with its parent's. */
  fork(): Storage;
  /** Bytes allocated here and in forks. */
  heldBytes(): number;
  /** Gives back everything that was allocated here and in forks. */
  dispose(): void;
}

/**
 * The contract: the only code that loops over numbers. Everything above calls these and never learns which run.
 * - Output first. Operands are views (data, shape, stride, offset), so a transpose is a stride view.
 * - What is written or computed lies in storage that these kernels, or a fork of it, allocated: data of callers come in
 *   through `write` and `gatherRows` alone.
 * - A kernel neither allocates, nor checks, nor returns a number. Shapes are checked once, at the public entry.
 * - Elementwise kernels allow out to be their first input (the same view). `gemm` forbids it.
 * - Where gradients meet, kernels add; `cost.ts` clears once.
 * - m is the number of examples, the rows of a matrix; sums over examples are divided by m where a docstring says so.
 */
export interface Kernels extends Storage {
  /** Which kernels run: 'reference', 'simd', 'simd-relaxed' or 'simd-wide'. Their results differ in rounding; the last two have the same bits. */
  readonly name: string;
  readonly precision: Precision;
  /** How many threads share the work; their number changes no bit. */
  readonly threads: number;
  /** Why there are fewer threads than were asked for, or other kernels; null where there is nothing to say. */
  readonly note: string | null;

  // ── results and data ────────────────────────────────────────────────────────────────────────────────────────
  /** Result slots, zeroed. */
  allocateResults(length: number): Results;
  /** Copies values in, converting to the precision: out[i] = values[i], row-major. */
  write(out: View, values: ArrayLike<number>): void;
  /** Copies a view out, row-major, into storage that the caller owns: `out`, or newly made. */
  copyOut(view: View, out?: Numbers): Numbers;
  /** Sets every slot to 0. */
  clearResults(results: Results): void;
  /** Every slot, once all kernels called so far are done: immediate on a CPU, a promise elsewhere. */
  read(results: Results): Float64Array | Promise<Float64Array>;

  // ── vectors and matrices ────────────────────────────────────────────────────────────────────────────────────
  /** out = value. */
  fill(out: View, value: number): void;
  /** out = x. */
  copy(out: View, x: View): void;
  /** out += α·x. */
  axpy(out: View, alpha: number, x: View): void;
  /** out *= α. */
  scale(out: View, alpha: number): void;
  /** results[slot] += Σ x·y, accumulated in float64. */
  dot(results: Results, slot: number, x: View, y: View): void;
  /** out = α·a·b + β·out. out (p, r), a (p, q), b (q, r); β = 0 ignores what out held, NaN included. out shares no storage with a or b. */
  gemm(out: View, a: View, b: View, alpha: number, beta: number): void;
  /** out_ij = row_j. */
  broadcastRow(out: View, row: View): void;
  /** out_ij += s_i·x_ij. */
  addScaledRows(out: View, s: View, x: View): void;
  /** out_i = Σⱼ x_ij². */
  rowSquaredNorms(out: View, x: View): void;
  /** out_j += α Σᵢ a_ij. */
  addColumnSums(out: View, a: View, alpha: number): void;
  /** Row i of out = row rows[i] of data, divided by data's unit (1 where it has none), converted to the precision. */
  gatherRows(out: View, data: View<AnyNumbers>, rows: Uint32Array): void;

  // ── layers ──────────────────────────────────────────────────────────────────────────────────────────────────
  /** out = f(z). */
  activate(out: View, z: View, f: ActivationName): void;
  /**
   * out_ij = (upstream_ij + push_j)·f′(z_ij), f′ from the output a = f(z); `push` null counts as 0. out may be upstream;
   * it shares no storage with a.
   */
  delta(out: View, upstream: View, push: View | null, a: View, f: ActivationName): void;

  // ── sparse activations: the k survivors of each example as (index, value) pairs, so that zeros are not multiplied ──
  // These add in out's precision, one survivor after the other.
  /**
   * values, indices (m, k), indices of column stride 1: the k largest a_ij of each row and their columns, in rising order of the columns; of equal
   * values the lower column survives. Every other a_ij becomes 0.
   */
  selectLargest(values: View, indices: View<Uint32Array>, a: View): void;
  /** out_i += Σₜ values_it · rows[indices_it]. out (m, d), rows (h, d). */
  addSparseRows(out: View, values: View, indices: View<Uint32Array>, rows: View): void;
  /** out_it = dense_i · rows[indices_it]. out (m, k), dense (m, d), rows (h, d). */
  sparseDots(out: View, dense: View, indices: View<Uint32Array>, rows: View): void;
  /** out_it = dense[i, indices_it]. */
  gatherColumns(out: View, dense: View, indices: View<Uint32Array>): void;
  /** out[indices_it] += α·values_it·dense_i, row by row. out (h, d), dense (m, d). */
  addSparseOuter(out: View, alpha: number, values: View, indices: View<Uint32Array>, dense: View): void;
  /** out[indices_it] += α·values_it. out (h). */
  addSparseSums(out: View, alpha: number, values: View, indices: View<Uint32Array>): void;

  // ── losses and penalties: the value goes to results[slot], the derivative to the first operand ──────────────
  // `emphasis` e weighs each coordinate of each example, (m, d); null counts as 1 everywhere.
  /** results[slot] += (1/m) Σ e·½(x̂ − x)², summed over examples and coordinates; dXHat = e·(x̂ − x), without 1/m. */
  squaredError(dXHat: View, results: Results, slot: number, xHat: View, x: View, emphasis: View | null): void;
  /**
   * results[slot] += (1/m) Σ e·(log(1 + exp z) − x·z) = −(1/m) Σ e·(x log σ(z) + (1−x) log(1−σ(z))), from logits z, so it
   * never overflows; delta = e·(σ(z) − x), the derivative with respect to z, without 1/m.
   */
  crossEntropy(delta: View, results: Results, slot: number, z: View, x: View, emphasis: View | null): void;
  /**
   * results[slot] += (1/m) Σₖ log Σⱼ exp z_kj − y_k·z_k, from logits z and rows y that sum to 1 (one-hot labels);
   * delta = softmax(z) − y, without 1/m.
   */
  softmaxCrossEntropy(delta: View, results: Results, slot: number, z: View, y: View): void;
  /** results[slot] += (λ/2) Σ w²; dW = λ·w: what the gradient begins with. */
  weightDecay(dW: View, results: Results, slot: number, w: View, lambda: number): void;
  /** results[slot] += γ Σ |w|; dW += γ·sign(w), 0 at 0. */
  weightL1(dW: View, results: Results, slot: number, w: View, gamma: number): void;
  /**
   * With r_j = scale·ρ̂_j + shift, clamped to [ε, 1−ε], ε = 1e-8, in value and derivative alike:
   * results[slot] += β Σⱼ ρ log(ρ/r_j) + (1−ρ) log((1−ρ)/(1−r_j)); push_j = scale·β(−ρ/r_j + (1−ρ)/(1−r_j)).
   */
  klSparsity(push: View, results: Results, slot: number, rhoHat: View, kl: KlSparsity): void;
  /** results[slot] += (γ/m) Σ |a|, over examples and units; dA += γ·sign(a), 0 at 0, without 1/m. */
  l1Sparsity(dA: View, results: Results, slot: number, a: View, gamma: number): void;
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
    f: ActivationName,
    kappa: number,
  ): void;

  // ── optimizers: one pass over flat vectors of stride 1 ─────────────────────────────────────────────────────────
  // before = θ as it was.
  momentumStep(theta: View, before: View, velocity: View, gradient: View, options: MomentumStep): void;
  adamStep(theta: View, before: View, first: View, second: View, gradient: View, options: AdamStep): void;
}

/** How kernels are to run; no part of a model's config, for it changes no result but in rounding. */
export interface KernelOptions {
  /** Threads that share the work, this one included; 'auto', the default, is one a processor. */
  readonly threads?: number | 'auto';
  /** True: the same bits on every machine and in every engine, at the price of fused multiply-add. Default false. */
  readonly deterministic?: boolean;
}
