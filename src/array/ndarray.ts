import compiled, { type NdArray, type TypedArray } from 'ndarray';
import type { AnyNumbers } from './numbers.ts';
import { strided, sumOf } from './strided.ts';

// `ndarray` compiles a class for each type and rank, and `ndarray-ops` a function for each use, the first ones when it is
// imported. What forbids code from strings (a Content-Security-Policy, --disallow-code-generation-from-strings) throws an
// EvalError then: arrays are plain ones there.

/** `ndarray(data, shape, stride, offset)`. Nothing is copied. */
export function ndarray<D extends AnyNumbers>(data: D, shape: number[], stride: number[], offset: number): NdArray<D> {
  try {
    return compiled(data, shape, stride, offset);
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    return strided(data, shape, stride, offset);
  }
}

/** Σ of all elements: for cold paths, a generic loop, several times slower than the kernels' flat ones. */
export async function loadSum(): Promise<(x: NdArray<TypedArray>) => number> {
  try {
    // The package is CommonJS: its names exist on the default export alone, though its types also allow named imports.
    return (await import('ndarray-ops')).default.sum;
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    return sumOf;
  }
}
