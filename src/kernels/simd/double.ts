import doubleText from '#simd/double.txt';
import relaxedText from '#simd/double-relaxed.txt';
import type { CpuKernels, KernelOptions } from '../kernels.ts';
import { createReferenceKernels } from '../reference/reference.ts';
import { activationKernels } from './activations.ts';
import { rowKernels } from './broadcast.ts';
import { columnKernels } from './column-sums.ts';
import { createGemm } from './gemm.ts';
import { bytesOf } from './hexadecimal.ts';
import { lossKernels } from './losses.ts';
import { createMachine, type Machine } from './machine.ts';
import { createMachineStorage, doublesIn, onMachine, threadsAsked } from './machine-kernels.ts';
import { optimizerKernels } from './optimizer-steps.ts';
import { penaltyKernels } from './penalties.ts';
import type { Tile } from './tiles.ts';
import { vectorKernels } from './vectors.ts';

/** A product and a sum: the same bits on every machine. */
const PLAIN: Tile = { name: 'simd', rows: 5, columns: 4, multiply: 'multiply', alone: 'tile5x4' };
/** Fused multiply-add. */
const RELAXED: Tile = {
  ...{ name: 'simd-relaxed', rows: 6, columns: 4, multiply: 'multiplyRelaxed', alone: 'tile6x4Relaxed' },
};

let machine: Machine | string | undefined;

/** The process's machine for float64, with a memory and threads of its own; where there can be none, why. */
export function findDoubleMachine(): Machine | string {
  machine ??= createMachine(() => {
    const [plain, relaxed] = [bytesOf(doubleText), bytesOf(relaxedText)];
    if (!WebAssembly.validate(plain)) return null;
    return {
      plain: new WebAssembly.Module(plain),
      relaxed: WebAssembly.validate(relaxed) ? new WebAssembly.Module(relaxed) : null,
    };
  });
  return machine;
}

/**
 * Float64 kernels in WebAssembly SIMD, on the threads of a machine, to other bits than the reference's; products with fused
 * multiply-add, unless `deterministic`. What has no vectors of its own stays with the reference kernels, which read the same memory.
 */
export function createDoubleKernels(on: Machine, options: KernelOptions = {}): CpuKernels {
  const reference = createReferenceKernels('float64');
  const threads = threadsAsked(on, options);
  const storage = createMachineStorage(on, (length) => doublesIn(on.heap, length));
  const tile = !options.deterministic && on.modules.relaxed !== null ? RELAXED : PLAIN;
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
    gemm: createGemm(on, threads, { for: () => tile }, 8),
  };
  return onMachine(on, options, kernels, storage, () => tile.name);
}
