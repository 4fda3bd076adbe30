import doubleText from '#simd/double.txt';
import type { CpuKernels, KernelOptions } from '../kernels.ts';
import { createReferenceKernels } from '../reference/reference.ts';
import { activationKernels } from './activations.ts';
import { rowKernels } from './broadcast.ts';
import { columnKernels } from './column-sums.ts';
import { createDoubleGemm } from './double-gemm.ts';
import { bytesOf } from './hexadecimal.ts';
import { lossKernels } from './losses.ts';
import { createMachine, type Machine } from './machine.ts';
import { createMachineStorage, doublesIn, onMachine, threadsAsked } from './machine-kernels.ts';
import { optimizerKernels } from './optimizer-steps.ts';
import { penaltyKernels } from './penalties.ts';
import { vectorKernels } from './vectors.ts';

let machine: Machine | string | undefined;

/** The process's machine for float64, with a memory and threads of its own; where there can be none, why. */
export function findDoubleMachine(): Machine | string {
  machine ??= createMachine(() => {
    const bytes = bytesOf(doubleText);
    return WebAssembly.validate(bytes) ? { plain: new WebAssembly.Module(bytes), relaxed: null } : null;
  });
  return machine;
}

/**
 * Float64 kernels in plain WebAssembly SIMD, on the threads of a machine: the same bits everywhere, and others than the
 * reference's. What has no vectors of its own stays with the reference kernels, which read the same memory.
 */
export function createDoubleKernels(on: Machine, options: KernelOptions = {}): CpuKernels {
  const reference = createReferenceKernels('float64');
  const threads = threadsAsked(on, options);
  const storage = createMachineStorage(on, (length) => doublesIn(on.heap, length));
  const { rowSums } = on;
  const { contraction, softmaxCrossEntropy } = reference;
  const kernels = {
    ...reference,
    ...storage,
    ...vectorKernels(on, threads, rowSums),
    ...rowKernels(on, threads),
    ...columnKernels(on, threads, rowSums, reference),
    contraction,
    ...activationKernels(on, threads, false, reference),
    ...lossKernels(on, threads, false, rowSums),
    softmaxCrossEntropy,
    ...penaltyKernels(on, threads, rowSums),
    ...optimizerKernels(on, threads),
    gemm: createDoubleGemm(on, threads),
  };
  return onMachine(on, options, kernels, storage, () => 'simd');
}
