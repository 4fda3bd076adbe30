import { EngineError } from '../../errors.ts';
import { Heap } from './heap.ts';
import { instantiate, type Kernel, type Modules } from './instantiate.ts';
import { compileModules } from './modules.ts';
import { PairLists } from './pair-lists.ts';
import { RowSums } from './row-sums.ts';
import { Staging } from './staging.ts';
import { findHost, type Host } from './threads/host.ts';
import { Pool } from './threads/pool.ts';
import { TileChoice } from './tiles.ts';

/** Bytes that a thread has for itself within one call of a kernel. */
export const SCRATCH_BYTES = 256 * 1024;
/** The operand of a product that all threads read, so many rows or columns deep at most: see gemm.ts. */
export const PANEL_BYTES = 4 * 400 * (4096 + 16);
/** Workers are started once so many chunks, some ten microseconds each, could have been shared: small jobs need none. */
const CHUNKS_BEFORE_WORKERS = 256;
const STALLED_MS = 10_000;

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
  readonly rowSums: RowSums;
  readonly pairLists: PairLists;
  readonly staging: Staging;
  /** The fastest tile, and the one that gives the same bits everywhere. */
  readonly tiles: { readonly fastest: TileChoice; readonly deterministic: TileChoice };
  private readonly host: Host | string;
  private readonly stalledMs: number;
  private pool: Pool | null = null;
  private chunksSeen = 0;
  private panels = 0;

  constructor(modules: Modules, host: Host | string = findHost(), stalledMs = STALLED_MS) {
    this.modules = modules;
    this.host = host;
    this.stalledMs = stalledMs;
    this.heap = new Heap();
    this.kernels = instantiate(modules, this.heap.memory);
    this.scratch = this.heap.allocate(SCRATCH_BYTES);
    this.rowSums = new RowSums(this);
    this.pairLists = new PairLists(this);
    this.staging = new Staging(this);
    this.tiles = { fastest: new TileChoice(this, false), deterministic: new TileChoice(this, true) };
  }

  /** Room for the panels of one operand of a product, for all threads to read. */
  get sharedPanels(): number {
    if (this.panels === 0) this.panels = this.heap.allocate(PANEL_BYTES);
    return this.panels;
  }

  /** How many threads 'auto' stands for. */
  get processors(): number {
    return typeof this.host === 'string' ? 1 : this.host.processors;
  }

  /** Why there is one thread only, where the host has no more to give; null where it has. */
  get oneThreadBecause(): string | null {
    return typeof this.host === 'string' ? this.host : (this.pool?.refused ?? null);
  }

  /**
   * Runs a kernel over units 0 … units−1, in chunks of `grain` where threads share them. `args` are followed by begin, end
   * and the thread's scratch. Units must not depend on one another, so that results do not depend on the threads.
   * @throws EngineError when a worker thread has ended.
   */
  run(kernel: string, threads: number, units: number, grain: number, ...args: number[]): void {
    if (units <= 0) return;
    const chunks = Math.ceil(units / grain);
    const pool = threads > 1 && chunks > 1 ? this.workers(threads, chunks) : null;
    if (pool === null) {
      this.kernels[kernel](...args, 0, units, this.scratch);
      return;
    }
    try {
      pool.run(kernel, threads - 1, units, grain, args);
    } catch (error) {
      if (error instanceof EngineError) this.dropWorkers();
      throw error;
    }
  }

  /** Starts the workers that `threads` needs now, not after enough work has been seen. */
  startWorkers(threads: number): void {
    this.chunksSeen = CHUNKS_BEFORE_WORKERS;
    this.workers(threads, 2);
  }

  /** Workers that have started and listen. */
  get workersReady(): number {
    return this.pool?.ready ?? 0;
  }

  /** Ends the worker threads; later calls start new ones. */
  dropWorkers(): void {
    this.pool?.terminate();
    this.pool = null;
  }

  private workers(threads: number, chunks: number): Pool | null {
    if (typeof this.host === 'string') return null;
    if (this.pool === null) {
      this.chunksSeen += chunks;
      if (this.chunksSeen < CHUNKS_BEFORE_WORKERS) return null;
      const { host, heap, modules, kernels, scratch, stalledMs } = this;
      this.pool = new Pool({ host, heap, modules, kernels, scratch, scratchBytes: SCRATCH_BYTES, stalledMs });
    }
    this.pool.ensure(threads - 1);
    return this.pool.size > 0 ? this.pool : null;
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
