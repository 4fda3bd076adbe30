import type { Precision } from '../array/matrix.ts';
import type { Kernels } from './kernels.ts';
import { createReferenceKernels } from './reference/reference.ts';

/** The kernels that a model runs on. The one place that knows which kinds exist. */
export function createKernels(precision: Precision): Kernels {
  return createReferenceKernels(precision);
}
