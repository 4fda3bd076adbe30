import type { Numbers, Precision } from '../../src/array/matrix.ts';

/** The product by definition, and the same of absolute values, which bounds the rounding error of any order of sums. */
export interface NaiveProduct {
  readonly product: Float64Array;
  readonly magnitude: Float64Array;
}

/** Row-major A (m, k) times row-major B (k, n): three loops in float64, sharing nothing with the kernels. */
export function naiveProduct(a: Numbers, b: Numbers, m: number, n: number, k: number): NaiveProduct {
  const product = new Float64Array(m * n);
  const magnitude = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < k; l++) {
      const x = a[i * k + l];
      for (let j = 0; j < n; j++) {
        const term = x * b[l * n + j];
        product[i * n + j] += term;
        magnitude[i * n + j] += Math.abs(term);
      }
    }
  }
  return { product, magnitude };
}

/** Half the distance from 1 to the next number. */
const unit: Record<Precision, number> = { float32: 2 ** -24, float64: 2 ** -53 };

/** The factor γ = (k + 2)·u of the bound abs(C − AB) ≤ γ·abs(A)·abs(B), doubled in float64 for the naive sum's own error. */
export function tolerance(precision: Precision, k: number): number {
  return (precision === 'float64' ? 2 : 1) * (k + 2) * unit[precision];
}

/**
 * Throws unless every element lies within the bound that a correct product cannot exceed, in whatever order it sums.
 * [Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., §3.5]
 */
export function assertProduct(
  name: string,
  c: ArrayLike<number>,
  naive: NaiveProduct,
  precision: Precision,
  k: number,
): void {
  const factor = tolerance(precision, k);
  if (c.length !== naive.product.length) throw new Error(`${name}: ${c.length} elements, not ${naive.product.length}`);
  for (let i = 0; i < c.length; i++) {
    const error = Math.abs(c[i] - naive.product[i]);
    if (!(error <= factor * naive.magnitude[i])) {
      throw new Error(`${name}: element ${i} is ${c[i]}, the naive product ${naive.product[i]}: nothing was timed`);
    }
  }
}
