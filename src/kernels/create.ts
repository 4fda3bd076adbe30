import type { Precision } from '../array/matrix.ts';
import { EngineError } from '../errors.ts';
import type { CpuKernels, KernelOptions } from './kernels.ts';
import { createReferenceKernels } from './reference/reference.ts';
import { findMachine } from './simd/machine.ts';
import { createSimdKernels } from './simd/simd.ts';

/**
 * The kernels that a model runs on: WebAssembly SIMD in float32, the reference in float64 and where an engine has no SIMD
 * or shared memory, which their note then says. The one place that knows which kinds exist.
 * @throws EngineError for deterministic float32 where only the reference, whose bits differ, could run.
 */
export function createKernels(precision: Precision, options: KernelOptions = {}): CpuKernels {
  if (precision === 'float64') return createReferenceKernels(precision);
  const machine = findMachine();
  if (typeof machine !== 'string') return createSimdKernels(machine, options);
  if (options.deterministic) {
    throw new EngineError(
      `deterministic float32 needs WebAssembly SIMD and shared memory, and ${machine}; without deterministic, the slower reference kernels run, to other bits`,
    );
  }
  return { ...createReferenceKernels(precision), note: otherKernels(precision) };
}

/**
 * The same, and with `fastFloat64` float64 on SIMD as well, which is loaded for it; where an engine has none the reference
 * runs, and its note says why.
 */
export async function loadKernels(precision: Precision, options: KernelOptions = {}): Promise<CpuKernels> {
  if (precision === 'float32' || !options.fastFloat64) return createKernels(precision, options);
  const { createDoubleKernels, findDoubleMachine } = await import('./simd/double.ts');
  const machine = findDoubleMachine();
  if (typeof machine !== 'string') return createDoubleKernels(machine, options);
  return { ...createReferenceKernels(precision), note: `the slower reference kernels run: ${machine}` };
}

/** Why a model of this precision does not run on the kernels that are meant for it; null where it does. */
export function otherKernels(precision: Precision): string | null {
  const machine = precision === 'float32' ? findMachine() : null;
  return typeof machine === 'string' ? `the slower reference kernels run: ${machine}` : null;
}
