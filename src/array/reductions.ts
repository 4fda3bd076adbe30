// The package is CommonJS: its names exist on the default export alone, though its types also allow named imports.
import ops from 'ndarray-ops';
import type { Matrix, Vector } from './matrix.ts';

// For cold paths (metrics, tests): generic loops, several times slower than the kernels' flat ones.

/** Σ of all elements. */
export function sum(x: Matrix | Vector): number {
  return ops.sum(x);
}
