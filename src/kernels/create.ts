import type { Precision } from '../array/matrix.ts';
import type { KernelOptions, Kernels } from './kernels.ts';
import { createReferenceKernels } from './reference/reference.ts';
import { getMachine } from './simd/machine.ts';
import { createSimdKernels } from './simd/simd.ts';

/**
 * The kernels that a model runs on: WebAssembly SIMD in float32, the reference in float64 and where an engine has no SIMD
 * or shared memory. The one place that knows which kinds exist.
 */
export function createKernels(precision: Precision, options: KernelOptions = {}): Kernels {
  const machine = precision === 'float32' ? getMachine() : null;
  return machine === null ? createReferenceKernels(precision) : createSimdKernels(machine, options);
}
