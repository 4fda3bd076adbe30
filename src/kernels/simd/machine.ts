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
  modules: Modules;
  kernels: Record<string, Kernel>;
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

  /** How many of the threads that are asked for there are, or will be once there is work for them. */
  threadsOf(asked: number): number {
    if (typeof this.host === 'string') return 1;
    return this.pool === null || this.pool.refused === null ? asked : Math.min(asked, 1 + this.pool.alive);
  }

  /** Why there are fewer, where the host has no more to give; null where it has. */
  get fewerBecause(): string | null {
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

  /** More kernels for all threads: workers start anew with them. */
  adopt(screening: NonNullable<Modules['screening']>): void {
    this.modules = { ...this.modules, screening };
    this.kernels = instantiate(this.modules, this.heap.memory);
    if (this.pool !== null) this.dropWorkers();
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

let machine: Machine | string | undefined;

/** The process's machine; where there can be none, why: WebAssembly, SIMD or shared memory is missing. */
export function findMachine(): Machine | string {
  machine ??= createMachine(compileModules);
  return machine;
}

/** The same, and null where there can be none. */
export function getMachine(): Machine | null {
  const found = findMachine();
  return typeof found === 'string' ? null : found;
}

/** A machine for some modules; where there can be none, why. */
export function createMachine(compile: () => Modules | null): Machine | string {
  if (typeof WebAssembly === 'undefined') return 'there is no WebAssembly here';
  try {
    const modules = compile();
    return modules === null ? 'this engine has no WebAssembly SIMD' : new Machine(modules);
  } catch (error) {
    // A Content-Security-Policy without wasm-unsafe-eval, no shared memory, or no room for its address space.
    const why = error instanceof Error ? error.message : error;
    const remedy =
      error instanceof RangeError
        ? ': raise the limit on virtual memory (ulimit -v), or start Node with --disable-wasm-trap-handler, which needs less'
        : /content.security.policy/i.test(String(why))
          ? ": its script-src must have 'wasm-unsafe-eval'"
          : '';
    return `WebAssembly is refused (${why})${remedy}`;
  }
}
