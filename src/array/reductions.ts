// The package is CommonJS: its names exist on the default export alone, though its types also allow named imports.
import ops from 'ndarray-ops';
import type { Matrix, Vector } from './matrix.ts';

// For cold paths (metrics, tests): generic loops, several times slower than the kernels' flat ones.

/** Σ of all elements. */
export function sum(x: Matrix | Vector): number {
  return ops.sum(x);
}

/** The largest element. */
export function largest(x: Matrix | Vector): number {
  return ops.sup(x);
}

/** The smallest element. */
export function smallest(x: Matrix | Vector): number {
  return ops.inf(x);
}

/** Σ of squares of all elements. */
export function sumOfSquares(x: Matrix | Vector): number {
  return ops.norm2squared(x);
}
