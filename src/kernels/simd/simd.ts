import type { View } from '../cpu-view.ts';
import type { CpuKernels, KernelOptions, Storage } from '../kernels.ts';
import { createReferenceKernels } from '../reference/reference.ts';
import { createStorage } from '../storage.ts';
import { activationKernels } from './activations.ts';
import { batchSelectionKernels } from './batch-selection.ts';
import { rowKernels } from './broadcast.ts';
import { createColumnPass } from './column-pass.ts';
import { columnKernels } from './column-sums.ts';
import { gatedKernels } from './gated.ts';
import { createGatherRows } from './gather-rows.ts';
import { createGemm } from './gemm.ts';
import { jumpReluKernels } from './jump-relu.ts';
import { lossKernels } from './losses.ts';
import type { Machine } from './machine.ts';
import { optimizerKernels } from './optimizer-steps.ts';
import { penaltyKernels } from './penalties.ts';
import { rowNormKernels } from './row-norms.ts';
import { selectionKernels } from './select.ts';
import { silenceKernels } from './silence.ts';
import { sparseKernels } from './sparse.ts';
import { vectorKernels } from './vectors.ts';

/** Gives back what kernels held that were forgotten without `dispose`; old workerd has no such thing. */
const forgotten =
  typeof FinalizationRegistry === 'undefined'
    ? null
    : new FinalizationRegistry<Storage>((storage) => storage.dispose());

/**
 * Float32 kernels in WebAssembly SIMD, on the threads of a machine. klSparsity, which is small, stays with the reference
 * kernels, which read the same memory.
 */
export function createSimdKernels(machine: Machine, options: KernelOptions = {}): CpuKernels {
  const { heap, rowSums: sums } = machine;
  const reference = createReferenceKernels('float32');
  const { deterministic = false } = options;
  const threads = options.threads === undefined || options.threads === 'auto' ? machine.processors : options.threads;
  const tiles = deterministic ? machine.tiles.deterministic : machine.tiles.fastest;
  const pass = createColumnPass(machine, threads);
  const gemm = createGemm(machine, threads, tiles);
  const storage = createStorage({
    numbers: (length) => new Float32Array(...heap.place(length)),
    doubles(length) {
      const begin = heap.allocate(8 * length); // first: growth makes a new buffer
      return new Float64Array(heap.memory.buffer, begin, length);
    },
    indices: (length) => new Uint32Array(...heap.place(length)),
    free: ({ byteOffset }) => heap.release(byteOffset),
  });
  const kernels: CpuKernels = {
    ...reference,
    ...storage,
    get name() {
      return tiles.name;
    },
    get threads() {
      return machine.threadsOf(threads);
    },
    get note() {
      // 'auto' of a host that has no workers stands for one.
      const fewer = machine.threadsOf(threads) < threads || (threads === 1 && options.threads !== 1);
      return fewer ? machine.fewerBecause : null;
    },
    ...vectorKernels(machine, threads, sums),
    ...rowKernels(machine, threads),
    ...columnKernels(machine, threads, sums, reference),
    gatherRows: createGatherRows(machine, threads, reference.gatherRows),
    ...activationKernels(machine, threads, reference),
    ...lossKernels(machine, threads, sums),
    ...penaltyKernels(machine, threads, sums),
    ...optimizerKernels(machine, threads),
    ...selectionKernels(machine, threads),
    ...sparseKernels(machine, threads),
    ...rowNormKernels(machine, threads, pass),
    ...batchSelectionKernels(machine, threads),
    ...silenceKernels(machine, threads, pass),
    ...jumpReluKernels(pass),
    ...gatedKernels(pass),
    gemm,
    gemmFrom: (out: View, a: View, b: View, alpha: number, beta: number, from: View) =>
      gemm(out, a, b, alpha, beta, from),
  };
  forgotten?.register(kernels, storage);
  return kernels;
}
