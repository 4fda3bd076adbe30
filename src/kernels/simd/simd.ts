import type { KernelOptions, Kernels, Storage } from '../kernels.ts';
import { createReferenceKernels } from '../reference/reference.ts';
import { createStorage } from '../storage.ts';
import { createGemm } from './gemm.ts';
import type { Machine } from './machine.ts';
import { createSelectLargest } from './select.ts';
import { sparseKernels } from './sparse.ts';
import { vectorKernels } from './vectors.ts';

/** Gives back what kernels held that were forgotten without `dispose`. */
const forgotten = new FinalizationRegistry<Storage>((storage) => storage.dispose());

/**
 * Float32 kernels in WebAssembly SIMD, on the threads of a machine. What small vectors need stays with the reference
 * kernels, which read the same memory.
 */
export function createSimdKernels(machine: Machine, options: KernelOptions = {}): Kernels {
  const { heap } = machine;
  const { deterministic = false } = options;
  const threads = options.threads === undefined || options.threads === 'auto' ? machine.processors : options.threads;
  const tiles = deterministic ? machine.tiles.deterministic : machine.tiles.fastest;
  const storage = createStorage({
    numbers: (length) => new Float32Array(...heap.place(length)),
    indices: (length) => new Uint32Array(...heap.place(length)),
    free: ({ byteOffset }) => heap.release(byteOffset),
  });
  const kernels: Kernels = {
    ...createReferenceKernels('float32'),
    ...storage,
    get name() {
      return tiles.name;
    },
    get threads() {
      return machine.oneThreadBecause === null ? threads : 1;
    },
    get note() {
      return options.threads === 1 ? null : machine.oneThreadBecause;
    },
    ...vectorKernels(machine, threads, machine.rowSums),
    selectLargest: createSelectLargest(machine, threads),
    ...sparseKernels(machine, threads),
    gemm: createGemm(machine, threads, tiles),
  };
  forgotten.register(kernels, storage);
  return kernels;
}
