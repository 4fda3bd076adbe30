import { EngineError } from '../../../errors.ts';
import type { Heap } from '../heap.ts';
import type { Kernel, Modules } from '../instantiate.ts';
import type { Host, RunningWorker } from './host.ts';
import { CONTROL_BYTES, type Control, controlAt, SLOT, takePart } from './protocol.ts';

/** Looks at a count this often before the caller sleeps: some tens of microseconds. */
const SPINS = 5_000;
/** How long the caller sleeps at a time. */
const NAP_MS = 50;

export interface PoolOptions {
  readonly host: Host;
  readonly heap: Heap;
  readonly modules: Modules;
  /** Those of the calling thread, in the order that every thread has. */
  readonly kernels: Record<string, Kernel>;
  readonly scratch: number;
  readonly scratchBytes: number;
  /** A chunk takes milliseconds: when none has ended for so long, the thread that holds it is gone. */
  readonly stalledMs: number;
}

/** Worker threads over one memory. They sleep when idle and do not keep the process alive. */
export class Pool {
  private readonly options: PoolOptions;
  private readonly control: Control;
  private readonly begin: number;
  private readonly workers: RunningWorker[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly table: readonly Kernel[];
  /** Why no further worker can be started; null while they can. */
  refused: string | null = null;
  private ended: string | null = null;
  private lost = 0;

  constructor(options: PoolOptions) {
    this.options = options;
    const { heap, kernels } = options;
    this.begin = heap.allocate(CONTROL_BYTES);
    this.control = controlAt(heap.memory, this.begin);
    this.table = Object.values(kernels);
    for (const [i, name] of Object.keys(kernels).entries()) this.numbers.set(name, i);
  }

  get size(): number {
    return this.workers.length;
  }

  /** Workers that have not ended before they listened. */
  get alive(): number {
    return this.workers.length - this.lost;
  }

  /** Workers that have begun to listen; the others join the first job after they have. */
  get ready(): number {
    return Atomics.load(this.control.slots, SLOT.ready);
  }

  /** Starts workers until there are `count`, as far as the host allows. */
  ensure(count: number): void {
    const missing = count - this.workers.length;
    if (missing <= 0 || this.refused !== null) return;
    const { host, heap, modules, scratchBytes } = this.options;
    const room = host.room?.(missing) ?? missing;
    const most = this.workers.length + Math.min(room, missing);
    while (this.workers.length < most && this.refused === null) {
      const index = this.workers.length;
      const scratch = heap.allocate(scratchBytes);
      try {
        const task = { memory: heap.memory, modules, control: this.begin, index, scratch };
        this.workers.push(host.start(task, (why) => this.onEnd(why)));
      } catch (error) {
        heap.release(scratch);
        const why = error instanceof Error ? error.message : error;
        const limit = why === 'EAGAIN' ? ', a limit on processes (ulimit -u, or a container)' : '';
        this.refused = `workers are refused: ${why}${limit}`;
      }
    }
    if (room < missing) this.refused ??= 'the limit on virtual memory (ulimit -v) leaves no room for more';
  }

  /**
   * Runs the kernel over units 0 … units−1 in chunks of `grain`, on this thread and up to `helpers` workers.
   * @throws EngineError when a worker has ended; the pool is then of no further use.
   */
  run(kernel: string, helpers: number, units: number, grain: number, args: readonly number[]): void {
    if (this.ended !== null) throw this.fail(this.ended);
    const { slots, arguments: values } = this.control;
    const chunks = Math.ceil(units / grain);
    this.wait(SLOT.inside, 0); // the last job's threads have read all they need
    slots[SLOT.kernel] = this.numbers.get(kernel) ?? -1;
    slots[SLOT.chunks] = chunks;
    slots[SLOT.units] = units;
    slots[SLOT.grain] = grain;
    slots[SLOT.helpers] = helpers;
    slots[SLOT.argumentCount] = args.length;
    values.set(args);
    Atomics.store(slots, SLOT.done, 0);
    Atomics.store(slots, SLOT.failed, 0);
    Atomics.store(slots, SLOT.remaining, chunks);
    Atomics.add(slots, SLOT.sequence, 1);
    if (Atomics.load(slots, SLOT.sleepers) > 0) Atomics.notify(slots, SLOT.sequence);
    takePart(this.control, (index, list, begin, end) => this.table[index](...list, begin, end, this.options.scratch));
    this.wait(SLOT.done, chunks);
    if (Atomics.load(slots, SLOT.failed) === 1) throw this.fail(`kernel ${kernel} trapped`);
  }

  /** Ends all workers. Their memory is kept: one that is slow to end may still write there. */
  terminate(): void {
    for (const worker of this.workers.splice(0)) worker.terminate();
  }

  /** Returns when the slot holds `value`. */
  private wait(slot: number, value: number): void {
    const { slots } = this.control;
    for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(slots, slot) === value) return;
    const { host, stalledMs } = this.options;
    let last = Atomics.load(slots, slot);
    let since = performance.now();
    for (;;) {
      if (host.maySleep) {
        // Threads wake the caller on leaving, whichever count it waits for.
        Atomics.store(slots, SLOT.callerSleeps, 1);
        const inside = Atomics.load(slots, SLOT.inside);
        if (inside > 0 && Atomics.load(slots, slot) !== value) Atomics.wait(slots, SLOT.inside, inside, NAP_MS);
        Atomics.store(slots, SLOT.callerSleeps, 0);
      }
      const now = Atomics.load(slots, slot);
      if (now === value) return;
      if (now !== last) {
        last = now;
        since = performance.now();
      } else if (performance.now() - since > stalledMs) {
        throw this.fail(`it has not answered for ${stalledMs / 1000} s`);
      }
    }
  }

  private onEnd(why: string): void {
    if (this.ready < this.alive) {
      this.lost++;
      // It never listened: the host refuses workers after all, and nothing is lost.
      this.refused ??= `workers cannot be started: ${why}`;
    } else {
      this.ended ??= why;
    }
  }

  private fail(why: string): EngineError {
    this.ended ??= why;
    return new EngineError(
      `a worker thread ended: ${why}; what was being computed is lost: call again, or create the model with { threads: 1 }`,
    );
  }
}
