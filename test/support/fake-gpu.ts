import type { Precision } from '../../src/array/matrix.ts';
import { gpu } from '../../src/kernels/gpu.ts';
import type { Kernels } from '../../src/kernels/kernels.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { createDeferredKernels } from './deferred-kernels.ts';

/** What the fake calls itself. */
export const adapter = {
  ...{ vendor: 'acme', architecture: 'paper', description: 'Acme Paper 1' },
  limits: { largestBuffer: 2 ** 30, largestBinding: 2 ** 27 },
};

/** How a fake GPU is. */
export interface Fake {
  /** Milliseconds that a read takes longer. */
  readonly slow?: number;
  /** It computes nothing, and so is faster than any other. */
  readonly idle?: boolean;
}

/** What was made of fakes, and not given back. */
export const living = new Set<Kernels>();

/** The reference in float32 behind the ways of a GPU: it answers late, and its blocks cannot be looked into. */
export function fakeGpu({ slow = 0, idle = false }: Fake = {}): Kernels {
  const precision: Precision = 'float32';
  const below = createDeferredKernels(createReferenceKernels(precision));
  const names = Object.keys(below) as (keyof Kernels)[];
  const works = new Set(['write', 'copyOut', 'read']);
  const kernels = Object.fromEntries(
    names.map((name) => {
      const isStorage = /^(allocate|release$|fork$|heldBytes$|dispose$)/.test(name);
      const own = below[name];
      return [name, idle && typeof own === 'function' && !isStorage && !works.has(name) ? () => {} : own];
    }),
  ) as unknown as Kernels;
  const made: Kernels = {
    ...kernels,
    ...{ name: 'webgpu', threads: 1, adapter },
    async read(results) {
      if (slow > 0) await new Promise((resolve) => setTimeout(resolve, slow));
      return kernels.read(results);
    },
    dispose() {
      living.delete(made);
      kernels.dispose();
    },
  };
  living.add(made);
  return made;
}

/** Runs `use` where `create` gives the kernels of the GPU. */
export async function withGpu<T>(create: () => Promise<Kernels> | Kernels, use: () => Promise<T>): Promise<T> {
  const { create: before } = gpu;
  gpu.create = async () => create();
  try {
    return await use();
  } finally {
    gpu.create = before;
  }
}
