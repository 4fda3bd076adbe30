import type { View } from '../array/matrix.ts';

/** Z = X·V + b, of which a few units of each example are wanted. */
export interface ScreenedProduct {
  /** X (m, d). */
  readonly x: View;
  /** V (d, h). */
  readonly weight: View;
  /** b (h). */
  readonly bias: View;
}

/**
 * Codes without all of Z: bounds on every z, from products of small whole numbers, rule most units out, and what they cannot rule
 * out is computed as `gemm` computes it. Survivors and their bits are those of the whole product, which is taken where it is
 * the faster. The storage of `a` is written by these alone, or `spoiled` says that it was not.
 */
export interface Screening {
  /** a = f(Z), f relu where `rectified`, else linear; then as `selectLargest` (values, indices, a). */
  largest(values: View, indices: View, a: View, product: ScreenedProduct, rectified: boolean): void;
  /** a = z·[z > θ], θ (h) finite. */
  above(a: View, product: ScreenedProduct, theta: View): void;
  /** z wherever it may be above θ (h, finite), and −3·10³⁸ elsewhere. */
  candidates(z: View, product: ScreenedProduct, theta: View): void;
  /** As `selectSilent` of Z. */
  silent(values: View, indices: View, lengths: View, product: ScreenedProduct, silence: View, limit: number): void;
  /** V, b or θ may have changed since the last product. */
  changed(): void;
  /** Something else has written to `a`. */
  spoiled(): void;
}
