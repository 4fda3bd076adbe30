import { instantiate, type Kernel } from '../instantiate.ts';
import { controlAt, SLOT, takePart, type WorkerTask } from './protocol.ts';

// The whole program of a worker thread. It is bundled into one string, so that no file has to be found at run time.

/** Looks at the sequence this often before it sleeps: some hundred microseconds, the time between two kernels. */
const SPINS = 20_000;

function work({ memory, modules, control, index, scratch }: WorkerTask): void {
  const table: readonly Kernel[] = Object.values(instantiate(modules, memory));
  const shared = controlAt(memory, control);
  const { slots } = shared;
  let seen = 0; // a job that is open already is joined at once
  Atomics.add(slots, SLOT.ready, 1);
  for (;;) {
    for (let spin = 0; spin < SPINS && Atomics.load(slots, SLOT.sequence) === seen; spin++);
    if (Atomics.load(slots, SLOT.sequence) === seen) {
      Atomics.add(slots, SLOT.sleepers, 1);
      Atomics.wait(slots, SLOT.sequence, seen);
      Atomics.sub(slots, SLOT.sleepers, 1);
    }
    seen = Atomics.load(slots, SLOT.sequence);
    Atomics.add(slots, SLOT.inside, 1);
    if (index < slots[SLOT.helpers]) {
      takePart(shared, (kernel, args, begin, end) => table[kernel](...args, begin, end, scratch));
    }
    Atomics.sub(slots, SLOT.inside, 1);
    if (Atomics.load(slots, SLOT.callerSleeps) === 1) Atomics.notify(slots, SLOT.inside);
  }
}

// In Node, what a worker was given lies in a module; in a page it comes as a message.
const node = (globalThis as { process?: { getBuiltinModule?(name: string): { workerData: WorkerTask } } }).process;
if (node?.getBuiltinModule !== undefined) {
  work(node.getBuiltinModule('node:worker_threads').workerData);
} else {
  self.onmessage = (event: MessageEvent<WorkerTask>) => work(event.data);
}
