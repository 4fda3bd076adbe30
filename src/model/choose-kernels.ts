import { loadKernels } from '../kernels/create.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { CreateOptions } from './kernel-options.ts';
import { type Chosen, NAMED, type Wanted, type Why } from './why.ts';

/**
 * What `make` makes over the kernels that the options ask for; they are given back where it throws.
 * @throws InputError for a GPU and what does not run there; EngineError where kernels that were named cannot run.
 */
export async function overKernels<M>(
  wanted: Wanted,
  options: CreateOptions,
  make: (kernels: Kernels, why: Why) => M,
): Promise<M> {
  const { kernels, why } = await chooseKernels(wanted, options);
  try {
    return make(kernels, why);
  } catch (error) {
    kernels.dispose();
    throw error;
  }
}

async function chooseKernels(wanted: Wanted, options: CreateOptions): Promise<Chosen> {
  if ((options.kernels ?? 'cpu') === 'cpu') {
    return { kernels: await loadKernels(wanted.precision, options), why: NAMED };
  }
  const { onGpu, fastest } = await import('./gpu-or-cpu.ts'); // nobody else pays for it
  return options.kernels === 'webgpu' ? onGpu(wanted, options) : fastest(wanted, options);
}
