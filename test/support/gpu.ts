import { existsSync } from 'node:fs';
import type { Kernels } from '../../src/kernels/kernels.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { createWebGpuKernels, type WebGpuOptions } from '../../src/kernels/webgpu/webgpu.ts';

/** Chromium's software renderer, which Debian's package brings: it stands for a GPU where there is none. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** Kernels on a GPU, or on what stands for one; null where there is none, which is told. RHOHAT_GPU=1: there must be one. */
export async function gpuKernels(options: Partial<WebGpuOptions> = {}): Promise<Kernels | null> {
  if (process.env.VK_ICD_FILENAMES === undefined && existsSync(SWIFTSHADER)) process.env.VK_ICD_FILENAMES = SWIFTSHADER;
  try {
    return await createWebGpuKernels({ fallback: async () => createReferenceKernels('float32'), ...options });
  } catch (error) {
    if (process.env.RHOHAT_GPU === '1') throw error;
    process.stderr.write(`WebGPU: skipped, ${(error as Error).message.slice(0, 120)}\n`);
    return null;
  }
}
