import type { Heap } from './heap.ts';

/** What the parts of a machine, and those who call its kernels, need of it. */
export interface Runner {
  readonly heap: Heap;
  /** Runs a kernel over units 0 … units−1: see `Machine`. */
  run(kernel: string, threads: number, units: number, grain: number, ...args: number[]): void;
}
