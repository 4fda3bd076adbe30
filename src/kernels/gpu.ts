import type { Kernels } from './kernels.ts';

/**
 * Where kernels of a GPU come from: loaded when they are asked for, so that nobody else pays. An object, so that tests can stand in.
 * @internal
 */
export const gpu = {
  /** @throws EngineError where there is no adapter, or it cannot run them. */
  create: async (): Promise<Kernels> => (await import('./webgpu/webgpu.ts')).createWebGpuKernels(),
};
