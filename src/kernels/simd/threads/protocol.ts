import type { Modules } from '../instantiate.ts';

// One job at a time is written into shared memory, and threads claim its chunks by counting them down.
//
// The caller, once nobody is inside: writes the job, then REMAINING = chunks, then counts SEQUENCE up and wakes sleepers.
// Every thread: enters (INSIDE + 1), and if REMAINING > 0 the job it reads is whole, for the caller waits until nobody is
// inside before it writes another. It claims chunks until none remain, adds each to DONE, and leaves (INSIDE − 1).

/** Slots of the control block, Int32. */
export const SLOT = {
  /** Counts jobs; what idle workers wait on. */
  sequence: 0,
  /** Chunks that nobody has claimed; at or below 0 there is no job. */
  remaining: 1,
  done: 2,
  inside: 3,
  /** 1 when a kernel trapped. */
  failed: 4,
  /** Workers that sleep, and whether the caller does: who wakes whom. */
  sleepers: 5,
  callerSleeps: 6,
  /** Workers that have started. */
  ready: 7,
  // The job.
  kernel: 8,
  chunks: 9,
  units: 10,
  grain: 11,
  /** Workers with a lower index take part. */
  helpers: 12,
  argumentCount: 13,
} as const;

export const SLOT_COUNT = 16;
/** Float64: kernels take integers below 2³² and float32 numbers, which it holds exactly. */
export const MOST_ARGUMENTS = 32;
export const CONTROL_BYTES = 4 * SLOT_COUNT + 8 * MOST_ARGUMENTS;

/** The control block over shared memory. */
export interface Control {
  readonly slots: Int32Array;
  readonly arguments: Float64Array;
}

export function controlAt(memory: WebAssembly.Memory, begin: number): Control {
  return {
    slots: new Int32Array(memory.buffer, begin, SLOT_COUNT),
    arguments: new Float64Array(memory.buffer, begin + 4 * SLOT_COUNT, MOST_ARGUMENTS),
  };
}

/** What a worker is started with. */
export interface WorkerTask {
  readonly memory: WebAssembly.Memory;
  readonly modules: Modules;
  readonly control: number;
  readonly index: number;
  readonly scratch: number;
}

type RunChunk = (kernel: number, args: number[], begin: number, end: number) => void;

/** Claims and runs chunks of the present job until none remain. A kernel that traps fails the job, not the thread. */
export function takePart({ slots, arguments: values }: Control, run: RunChunk): void {
  if (Atomics.load(slots, SLOT.remaining) <= 0) return;
  const kernel = slots[SLOT.kernel];
  const chunks = slots[SLOT.chunks];
  const units = slots[SLOT.units];
  const grain = slots[SLOT.grain];
  const args = Array.from(values.subarray(0, slots[SLOT.argumentCount]));
  for (;;) {
    const left = Atomics.sub(slots, SLOT.remaining, 1);
    if (left <= 0) return;
    const begin = (chunks - left) * grain;
    try {
      run(kernel, args, begin, Math.min(begin + grain, units));
    } catch {
      Atomics.store(slots, SLOT.failed, 1);
    }
    Atomics.add(slots, SLOT.done, 1);
  }
}
