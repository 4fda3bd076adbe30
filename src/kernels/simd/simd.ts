import type { View } from '../cpu-view.ts';
import type { CpuKernels, CpuStorage, KernelOptions } from '../kernels.ts';
import { createReferenceKernels } from '../reference/reference.ts';
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
import { createMachineStorage, onMachine, threadsAsked } from './machine-kernels.ts';
import { optimizerKernels } from './optimizer-steps.ts';
import { penaltyKernels } from './penalties.ts';
import { rowNormKernels } from './row-norms.ts';
import { LEAST_WEIGHTS, screenings } from './screening/on-demand.ts';
import { selectionKernels } from './select.ts';
import { silenceKernels } from './silence.ts';
import { sparseKernels } from './sparse.ts';
import { vectorKernels } from './vectors.ts';

/**
 * Float32 kernels in WebAssembly SIMD, on the threads of a machine. klSparsity, which is small, stays with the reference
 * kernels, which read the same memory.
 */
export function createSimdKernels(machine: Machine, options: KernelOptions = {}): CpuKernels {
  const { heap, rowSums: sums } = machine;
  const reference = createReferenceKernels('float32');
  const { deterministic = false } = options;
  const threads = threadsAsked(machine, options);
  const tiles = deterministic ? machine.tiles.deterministic : machine.tiles.fastest;
  const fused = !deterministic && machine.modules.relaxed !== null;
  const pass = createColumnPass(machine, threads);
  const storage = createMachineStorage(machine, (length) => new Float32Array(...heap.place(length)));
  const gemm = createGemm(machine, threads, tiles);
  const kernels = {
    ...reference,
    ...storage,
    ...vectorKernels(machine, threads, sums),
    ...rowKernels(machine, threads),
    ...columnKernels(machine, threads, sums, reference),
    gatherRows: createGatherRows(machine, threads, reference.gatherRows),
    ...activationKernels(machine, threads, fused, reference),
    ...lossKernels(machine, threads, fused, sums),
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
  const screening: CpuKernels['screening'] = (from, inputs, units) =>
    inputs * units < LEAST_WEIGHTS ? null : (screenings(machine)?.(threads, made, from as CpuStorage, fused) ?? null);
  const made = onMachine(machine, options, { ...kernels, screening }, storage, () => tiles.name);
  return made;
}
