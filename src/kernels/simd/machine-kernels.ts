import type { Numbers } from '../../array/matrix.ts';
import type { CpuKernels, CpuStorage, KernelOptions, Storage } from '../kernels.ts';
import { createStorage } from '../storage.ts';
import type { Machine } from './machine.ts';

/** Gives back what kernels held that were forgotten without `dispose`; old workerd has no such thing. */
const forgotten =
  typeof FinalizationRegistry === 'undefined'
    ? null
    : new FinalizationRegistry<Storage>((storage) => storage.dispose());

/** Storage in a machine's memory. */
export function createMachineStorage({ heap }: Machine, numbers: (length: number) => Numbers): CpuStorage {
  return createStorage({
    numbers,
    doubles: (length) => doublesIn(heap, length),
    indices: (length) => new Uint32Array(...heap.place(length)),
    free: ({ byteOffset }) => heap.release(byteOffset),
  });
}

/** Zeroed float64 in a machine's memory. */
export function doublesIn(heap: Machine['heap'], length: number): Float64Array {
  const begin = heap.allocate(8 * length); // first: growth makes a new buffer
  return new Float64Array(heap.memory.buffer, begin, length);
}

/** How many threads are asked for. */
export function threadsAsked(machine: Machine, { threads }: KernelOptions): number {
  return threads === undefined || threads === 'auto' ? machine.processors : threads;
}

/** Kernels on a machine: they say how many threads there are by now, and give their storage back when they are forgotten. */
export function onMachine(
  machine: Machine,
  options: KernelOptions,
  kernels: Omit<CpuKernels, 'threads' | 'note' | 'name'>,
  storage: Storage,
  nameNow: () => string,
): CpuKernels {
  const threads = threadsAsked(machine, options);
  const whole: CpuKernels = {
    ...kernels,
    get name() {
      return nameNow();
    },
    get threads() {
      return machine.threadsOf(threads);
    },
    get note() {
      // 'auto' of a host that has no workers stands for one.
      const fewer = machine.threadsOf(threads) < threads || (threads === 1 && options.threads !== 1);
      return fewer ? machine.fewerBecause : null;
    },
  };
  forgotten?.register(whole, storage);
  return whole;
}
