// The thread that keeps a process's connection to the hub: the main thread waits in calls of MPI, and sees nothing.
import { hostname } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { Offer } from './watch-address.ts';
import { endAll, tell } from './watch-end.ts';
import { Spoke } from './watch-spoke.ts';

/** What the thread is given. */
export interface WatchTask {
  readonly rank: number;
  readonly size: number;
  readonly offer: Offer;
}

/** What it is told later. */
export type WatchOrder =
  | { readonly kind: 'fail'; readonly text: string; readonly status: number }
  | { readonly kind: 'close' };

/** What it answers: once it is connected, or has given up, and once to `close`. */
export type WatchAnswer = 'open' | 'closed';

const { rank, size, offer } = workerData as WatchTask;
const own = { rank, host: hostname(), pid: process.pid };
const watch = new Spoke(own, size, offer, { tell, end: (status) => void endAll(status) });
const answer = (text: WatchAnswer) => parentPort?.postMessage(text);

// A fault of the watch itself is no death.
process.on('uncaughtException', (error) => {
  tell(`rhohat: the watch of rank ${rank} has failed: ${error.message}; the job goes on without it`);
  void watch.close();
});
await watch.open();
parentPort?.on('message', async (order: WatchOrder) => {
  if (order.kind === 'fail') watch.fail(order.text, order.status);
  else {
    await watch.close();
    answer('closed');
  }
});
answer('open');
