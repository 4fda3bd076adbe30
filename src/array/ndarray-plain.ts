/**
 * The arrays of pages, extensions and edge runtimes, which forbid code from strings: package.json's `#ndarray` puts this
 * in the place of `ndarray.ts` there.
 */
export { strided as ndarray } from './strided.ts';

import { sumOf } from './strided.ts';

/** Σ of all elements. */
export async function loadSum(): Promise<typeof sumOf> {
  return sumOf;
}
