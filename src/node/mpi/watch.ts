import { hostname } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Offer } from './watch-address.ts';
import { endAll, tell } from './watch-end.ts';
import { builtFile, startHub } from './watch-start.ts';
import { failureLines } from './watch-words.ts';
import type { WatchOrder, WatchTask } from './watch-worker.ts';

/** For the goodbye on its way. */
const CLOSE_MS = 2000;
/** For the watch to tell it and to end all. */
const FAIL_MS = 8000;

/** Of a process that watches: a thread of its own, which sees the others end though the main thread waits in MPI. */
export interface Watch {
  /** This process has failed: that is told, with the rank where not all say the same, and ends all with `status`. */
  fail(text: string, status: number): Promise<never>;
  /** All is well, and what this process does from now on is no failure. */
  close(): Promise<void>;
}

/** `share` gives the text of rank 0 to all; the others give null. */
export interface WatchOptions {
  readonly rank: number;
  readonly size: number;
  share(text: string | null): Promise<string> | string;
}

/**
 * Begins to watch the processes of a job; all of them call it. A process that ends without `close` ends the job at once,
 * with one line on stderr that names it; a host that says nothing for 15 s likewise. Where a process cannot connect to the
 * host of rank 0, a line says so, and the job goes on without a watch over it.
 */
export async function openWatch({ rank, size, share }: WatchOptions): Promise<Watch> {
  if (size === 1) return new WatchThread(rank, size, null);
  const text = await share(rank === 0 ? JSON.stringify(await startHub(size).catch(orNone(rank, size))) : null);
  const offer: Offer | null = JSON.parse(text);
  const worker = offer === null ? null : await start({ rank, size, offer }).catch(orNone(rank, size));
  return new WatchThread(rank, size, worker);
}

class WatchThread implements Watch {
  private readonly rank: number;
  private readonly size: number;
  private readonly worker: Worker | null;

  constructor(rank: number, size: number, worker: Worker | null) {
    this.rank = rank;
    this.size = size;
    this.worker = worker;
  }

  async fail(text: string, status: number): Promise<never> {
    const { rank, size } = this;
    this.order({ kind: 'fail', text, status });
    this.worker?.ref();
    if (this.worker !== null) await new Promise((resolve) => setTimeout(resolve, FAIL_MS));
    tell(failureLines([{ rank, host: hostname(), pid: process.pid, text, status }], size));
    if (size > 1) await endAll(status);
    process.exit(status);
  }

  async close(): Promise<void> {
    const { worker } = this;
    if (worker === null) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
      worker.once('message', resolve);
      worker.once('exit', resolve);
      this.order({ kind: 'close' });
    });
    clearTimeout(timer);
  }

  private order(order: WatchOrder): void {
    this.worker?.postMessage(order);
  }
}

/** The thread, once it is connected. */
async function start(task: WatchTask): Promise<Worker> {
  const worker = new Worker(builtFile('watch-worker.js'), { workerData: task, stdin: false });
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
  });
  worker.on('error', () => undefined); // it has told
  worker.unref();
  return worker;
}

/** Where there can be no process, no server or no thread, a line says so, and the job goes on without. */
const orNone =
  (rank: number, size: number) =>
  ({ message }: Error): null => {
    tell(
      `rhohat: rank ${rank} of ${size} has no watch: ${message}; should a process be killed or a host vanish, the others may wait for it without end`,
    );
    return null;
  };
