import ndarray from 'ndarray';
import type { Matrix, Vector } from '../../../src/array/matrix.ts';
import { createDoubleKernels, findDoubleMachine } from '../../../src/kernels/simd/double.ts';
import { getMachine, type Machine } from '../../../src/kernels/simd/machine.ts';
import { createSimdKernels } from '../../../src/kernels/simd/simd.ts';

const found = getMachine();
if (found === null) throw new Error('these tests need WebAssembly SIMD and shared memory');
export const machine: Machine = found;

/** A machine, but that every call of a kernel is cut into chunks of 1, 2, 3, 1, … units, which run in mixed order. */
const chunkingOf = (on: Machine): Machine =>
  Object.create(on, {
    run: {
      value(kernel: string, _threads: number, units: number, _grain: number, ...args: number[]): void {
        const chunks: [number, number][] = [];
        for (let begin = 0, size = 1; begin < units; begin += size, size = 1 + (chunks.length % 3)) {
          chunks.push([begin, Math.min(units, begin + size)]);
        }
        const mixed = [...chunks.filter((_, c) => c % 2 === 1).reverse(), ...chunks.filter((_, c) => c % 2 === 0)];
        for (const [begin, end] of mixed) on.kernels[kernel](...args, begin, end, on.scratch);
      },
    },
  });

export const whole = createSimdKernels(machine, { threads: 1 });
/** Kernels that give each thread its columns give other blocks of them to three. */
export const chunked = createSimdKernels(chunkingOf(machine), { threads: 3 });

const foundDouble = findDoubleMachine();
if (typeof foundDouble === 'string') throw new Error(foundDouble);
/** The same of float64. */
export const doubleMachine: Machine = foundDouble;
export const wholeDouble = createDoubleKernels(doubleMachine, { threads: 1 });
export const chunkedDouble = createDoubleKernels(chunkingOf(doubleMachine), { threads: 3 });
export const wholeDoubleDeterministic = createDoubleKernels(doubleMachine, { threads: 1, deterministic: true });
export const chunkedDoubleDeterministic = createDoubleKernels(chunkingOf(doubleMachine), {
  threads: 3,
  deterministic: true,
});

/** The same view over a copy of its storage in the memory of a machine, and a function that gives that back. */
export function inHeap<T extends Matrix | Vector>(
  view: T,
  { heap }: Machine = machine,
): { view: T; release: () => void } {
  const Numbers = heap === machine.heap ? Float32Array : Float64Array;
  const begin = heap.allocate(Numbers.BYTES_PER_ELEMENT * view.data.length);
  const data = new Numbers(heap.memory.buffer, begin, view.data.length);
  data.set(view.data);
  return {
    view: ndarray(data, view.shape, view.stride, view.offset) as T,
    release: () => heap.release(begin),
  };
}
