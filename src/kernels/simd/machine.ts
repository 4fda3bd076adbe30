import { Heap } from './heap.ts';
import { compileModules, instantiate, type Kernel, type Modules } from './modules.ts';

/** Bytes that a thread has for itself within one call of a kernel. */
export const SCRATCH_BYTES = 256 * 1024;

/**
 * What SIMD kernels run on: one memory, one instance of the modules on this thread, and the worker threads. There is one
 * of it in a process, for all models: WebAssembly memory cannot be given back, and threads are the processor's.
 */
export class Machine {
  readonly heap: Heap;
  readonly modules: Modules;
  readonly kernels: Record<string, Kernel>;
  /** This thread's own. */
  readonly scratch: number;

  constructor(modules: Modules) {
    this.modules = modules;
    this.heap = new Heap();
    this.kernels = instantiate(modules, this.heap.memory);
    this.scratch = this.heap.allocate(SCRATCH_BYTES);
  }

  /**
   * Runs a kernel over units 0 … units−1, `grain` of them a call at most where threads share them. `args` are followed by
   * begin, end and the thread's scratch. Units must not depend on one another, so results do not depend on the threads.
   */
  run(kernel: string, _threads: number, units: number, _grain: number, ...args: number[]): void {
    if (units > 0) this.kernels[kernel](...args, 0, units, this.scratch);
  }
}

let machine: Machine | null | undefined;

/** The process's machine; null where WebAssembly, SIMD or shared memory is missing. */
export function getMachine(): Machine | null {
  if (machine === undefined) {
    try {
      const modules = typeof WebAssembly === 'undefined' ? null : compileModules();
      machine = modules && new Machine(modules);
    } catch {
      machine = null; // a Content-Security-Policy without wasm-unsafe-eval, or no shared memory
    }
  }
  return machine;
}
