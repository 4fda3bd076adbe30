import { loadKernels } from './create.ts';
import type { KernelOptions, Kernels } from './kernels.ts';

/**
 * Where kernels of a GPU come from: loaded when they are asked for, so that nobody else pays. An object, so that tests can stand in.
 * @internal
 */
export const gpu = {
  /** The options are for the processor, which takes over where a device is lost. @throws EngineError where there is no adapter. */
  async create(options: KernelOptions = {}): Promise<Kernels> {
    const { createWebGpuKernels } = await import('./webgpu/webgpu.ts');
    return createWebGpuKernels({ fallback: () => loadKernels('float32', options) });
  },
};
