import type { Numbers } from '../../array/matrix.ts';
import type { Kernels } from '../kernels.ts';
import { createReferenceKernels } from '../reference/reference.ts';
import { activationKernels } from './activations.ts';
import { columnKernels } from './column-sums.ts';
import { createGatherRows } from './gather-rows.ts';
import { createGemm, type Tile } from './gemm.ts';
import { lossKernels } from './losses.ts';
import type { Machine } from './machine.ts';
import { optimizerKernels } from './optimizer-steps.ts';
import { penaltyKernels } from './penalties.ts';
import { RowSums } from './row-sums.ts';
import { rowKernels } from './broadcast.ts';
import { Staging } from './staging.ts';
import { vectorKernels } from './vectors.ts';

const PLAIN: Tile = { rows: 4, columns: 8, multiplyRows: 'multiplyRows', multiplyColumns: 'multiplyColumns' };

/** Float32 kernels in WebAssembly SIMD. Small vectors go through the reference kernels, which read the same memory. */
export function createSimdKernels(machine: Machine, threads = 1): Kernels {
  const { heap } = machine;
  const reference = createReferenceKernels('float32');
  const sums = new RowSums(machine);
  const held = new Set<number>();
  const place = (bytes: number) => {
    const begin = heap.allocate(bytes);
    held.add(begin);
    return begin;
  };
  return {
    ...reference,
    name: 'simd',
    allocate(length): Numbers {
      const begin = place(4 * length); // first: growth makes a new buffer
      return new Float32Array(heap.memory.buffer, begin, length);
    },
    allocateIndices(length) {
      const begin = place(4 * length);
      return new Uint32Array(heap.memory.buffer, begin, length);
    },
    ...vectorKernels(machine, threads, sums),
    ...activationKernels(machine, threads),
    ...rowKernels(machine, threads),
    ...columnKernels(machine, threads, sums),
    gatherRows: createGatherRows(machine, threads, new Staging(machine), reference.gatherRows),
    ...lossKernels(machine, threads, sums),
    ...penaltyKernels(machine, threads, sums),
    ...optimizerKernels(machine, threads),
    gemm: createGemm(machine, threads, () => PLAIN),
  };
}
