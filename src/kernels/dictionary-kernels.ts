import type { View } from '../array/matrix.ts';
import type { Results } from './results.ts';

/** θ and ε of jump-relu units. */
export interface Jump {
  /** θ (h), never below 0. */
  readonly theta: View;
  /** ε > 0: how wide the window K(u) = [|u| < ½] of the estimators is, u = (z − θ)/ε. */
  readonly bandwidth: number;
}

/** What gated units keep: gate = u + b_gate, magnitude = eʳ ⊙ u + b_mag. */
export interface Gate {
  /** b_gate (h). */
  readonly gateBias: View;
  /** b_mag (h). */
  readonly magnitudeBias: View;
  /** r (h). */
  readonly scale: View;
}

/**
 * What today's dictionaries ask of kernels beside the products: selections over a batch, estimators, norms of the decoder's
 * rows, units that have been silent. The rules of {@link Kernels} hold. Counters, thresholds and coefficients that only
 * kernels know lie in doubles.
 */
export interface DictionaryKernels {
  // ── selections; values, indices (m, width) and lengths (m) as in the sparse kernels ─────────────────────────
  /** lengths_i = how many pairs of row i, of the first within_i (null: of all), have an index below `bound`. indices rise. */
  countBelow(lengths: View, indices: View, within: View | null, bound: number): void;
  /**
   * Of all a_ij > 0 the `count` largest survive, of equal ones those of the lower row, then the lower column; all others
   * become 0. least (1, doubles) = the smallest survivor, 0 where there is none.
   */
  selectLargestOfAll(values: View, indices: View, lengths: View, least: View, a: View, count: number): void;
  /** The a_ij above the threshold (1, doubles) and above 0 survive; all others become 0. */
  selectAbove(values: View, indices: View, lengths: View, a: View, threshold: View): void;
  /**
   * Of the pairs of row i, the first within_i (null: of all), the keep_i largest stay, of equal ones the first, and lengths_i is
   * how many; of the others a_ij (null: nobody asks for it) becomes 0. A NaN is the largest. lengths may be within.
   */
  keepLargest(
    values: View,
    indices: View,
    lengths: View,
    within: View | null,
    a: View | null,
    keep: Uint32Array<ArrayBufferLike>,
  ): void;
  /** t ← t + rate·(least − t), t begun at the first `least`; where least is 0 nothing has survived, and t stays. Both (1, doubles). */
  moveThreshold(threshold: View, least: View, rate: number): void;
  /**
   * Numbers above 0 are in the order of their bits. results[slot + d] += how many a_ij, +∞ included, have d as their byte
   * number `byte`, of those that agree with `like` in the bytes above it; byte 0 is the uppermost, and d < 256.
   */
  countBytes(results: Results, slot: number, a: View, byte: number, like: number): void;
  /** results[slot + i] += how many a_ij of row i equal `value`. */
  countEqual(results: Results, slot: number, a: View, value: number): void;
  /** counts_j (doubles) += in how many rows a_ij ≠ 0. */
  countActive(counts: View, a: View): void;
  /** The same over pairs. */
  countActivePairs(counts: View, values: View, indices: View, lengths: View | null): void;
  /** next_j = 0 where counts_j > 0, else silence_j + examples. All (h, doubles). */
  advanceSilence(next: View, silence: View, counts: View, examples: number): void;
  /**
   * Of the units with silence_j ≥ limit (doubles), the `width` of each row with the largest z, or all where they are fewer:
   * values = z. Of equal z the lower column. z is void afterwards.
   */
  selectSilent(values: View, indices: View, lengths: View, z: View, silence: View, limit: number): void;

  // ── the auxiliary loss of silent units ──────────────────────────────────────────────────────────────────────
  /** moments (d + 1, doubles): moments_i = Σₖ e_ki, the last Σ e². */
  residualMoments(moments: View, e: View): void;
  /** scale (1, doubles) = α / Σ‖e − ē‖² from the moments of m residuals; 0 where they are all equal, or no silence_j ≥ limit. */
  auxiliaryScale(scale: View, moments: View, silence: View, limit: number, alpha: number, m: number): void;
  /** scale (1, doubles) = (α/m)·min(silent/most, 1), silent the number of units with silence_j ≥ limit. */
  silentScale(scale: View, silence: View, limit: number, most: number, alpha: number, m: number): void;
  /** results[slot] += s Σ (ê − e)²; dEHat = 2·s·m·(ê − e): as all derivatives without 1/m. s = scale (1, doubles). */
  scaledSquaredError(dEHat: View, results: Results, slot: number, eHat: View, e: View, scale: View, m: number): void;

  // ── jump-relu units ─────────────────────────────────────────────────────────────────────────────────────────
  /** theta_j = max(p_j, 0), or exp p_j where `log`. */
  thresholds(theta: View, p: View, log: boolean): void;
  /** a = z·[z > θ]. */
  jumpRelu(a: View, z: View, theta: View): void;
  /**
   * From ∂J/∂a in delta: dTheta_j += −(1/m) Σₖ (θ/ε) K·∂J/∂a; delta = [z > θ]·∂J/∂a, and where `toInput` + (θ/ε) K·∂J/∂a.
   */
  jumpReluDelta(delta: View, dTheta: View, z: View, jump: Jump, toInput: boolean, m: number): void;
  /** count (1, doubles) += (1/m) Σ [z > θ]: L0, the mean over examples of the units that are on. */
  countOn(count: View, z: View, theta: View, m: number): void;
  /** With n = count: results[slot] += λn and slope = λ; or with a target t λ(n/t − 1)² and 2λ(n/t − 1)/t. slope (1, doubles). */
  l0Penalty(slope: View, results: Results, slot: number, count: View, weight: number, target: number | null): void;
  /** The estimator of λ·L0, λ = slope (1, doubles): dTheta_j += −(λ/m) Σₖ K/ε; and where dZ is given dZ += λK/ε. */
  l0Delta(dZ: View | null, dTheta: View, z: View, jump: Jump, slope: View, m: number): void;
  /** dP_j += dTheta_j·∂θ/∂p: [p > 0], or θ where `log`. */
  thresholdDelta(dP: View, dTheta: View, p: View, log: boolean): void;
  /**
   * results[slot] += (μ/m) Σ n_j·relu(θ_j − z_kj), n = ‖D_j‖ from `squares`; dZ −= μ n_j [z < θ]; dTheta_j += (μ/m) n_j Σₖ [z < θ];
   * pull_j = (μ/m) Σₖ relu(θ − z)/n_j, by which ∇D_j gains pull_j·D_j. With `silence`, of units with silence_j ≥ limit alone.
   */
  preActivationLoss(
    out: { readonly dZ: View; readonly dTheta: View; readonly pull: View },
    results: Results,
    slot: number,
    z: View,
    theta: View,
    squares: View,
    silence: { readonly counts: View; readonly limit: number } | null,
    mu: number,
    m: number,
  ): void;

  // ── gated units ─────────────────────────────────────────────────────────────────────────────────────────────
  /** a = [z > 0]·relu(eʳ(z − b_gate) + b_mag), z = u + b_gate. */
  gatedActivation(a: View, z: View, gate: Gate): void;
  /**
   * From ∂J/∂a in delta and ∂J/∂z (the gate's own) in dGate: with μ = ∂J/∂a·[a > 0], delta = dGate + eʳμ, which is ∂J/∂u;
   * dGateBias += (1/m) Σ dGate; dMagnitudeBias += (1/m) Σ μ; dScale += (1/m) Σ μ·eʳ·u.
   */
  gatedDelta(
    delta: View,
    dGate: View,
    gradients: { readonly dGateBias: View; readonly dMagnitudeBias: View; readonly dScale: View },
    a: View,
    z: View,
    gate: Gate,
    m: number,
  ): void;
  /** out = [z > 0]·x; out may be x. */
  maskPositive(out: View, x: View, z: View): void;

  // ── norms of the decoder's rows: squares_j = ‖D_j‖² ─────────────────────────────────────────────────────────
  /** out_ij = a_ij·‖D_j‖, or a_ij/‖D_j‖ where `inverse`; rows of 0 norm leave a as it is. out may be a. */
  scaleColumns(out: View, a: View, squares: View, inverse: boolean): void;
  /** results[slot] += (γ/m) Σ |a|‖D_j‖; dA += γ‖D_j‖ sign(a), without 1/m; pull_j = (γ/m) Σₖ |a|/‖D_j‖, by which ∇D_j gains pull_j·D_j. */
  normWeightedL1(
    dA: View,
    pull: View,
    results: Results,
    slot: number,
    a: View,
    squares: View,
    gamma: number,
    m: number,
  ): void;
  /**
   * results[slot] += (λ/m) Σ tanh(s·a‖D_j‖); dA += λ s‖D_j‖ sech²(…), without 1/m; pull_j = (λ/m) Σₖ s·a·sech²(…)/‖D_j‖, by
   * which ∇D_j gains pull_j·D_j.
   */
  tanhPenalty(
    dA: View,
    pull: View,
    results: Results,
    slot: number,
    a: View,
    squares: View,
    options: { readonly weight: number; readonly scale: number; readonly m: number },
  ): void;
  /** G_j −= (G_j·D_j)/‖D_j‖² D_j: the part of the gradient that would change the norm of a row. */
  projectRows(gradient: View, rows: View): void;
  /** D_j /= ‖D_j‖; a row of norm 0 stays. */
  normalizeRows(rows: View): void;
}
