// The thread of `rhohat train --live`: a server of one folder.
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { LiveAnswer } from './live.ts';
import { openRuns } from './run-reader.ts';
import { ViewFiles } from './view-files.ts';
import { openViewServer } from './view-server.ts';

/** A page that asks has been looked at within so long. */
const LOOKED_MS = 3000;
/** What a page is given to see the end of the run. */
const LAST_MS = 2000;

const { folder, port, page } = workerData as { folder: string; port?: number; page: string };

async function open(): Promise<LiveAnswer> {
  try {
    const files = new ViewFiles(fileURLToPath(page), await openRuns([folder]));
    let asked = Number.NEGATIVE_INFINITY;
    const answer = files.answer.bind(files);
    files.answer = (...request) => {
      asked = performance.now();
      return answer(...request);
    };
    const server = await openViewServer(files, port);
    parentPort?.once('message', () => {
      const isLookedAt = performance.now() - asked < LOOKED_MS;
      setTimeout(() => parentPort?.postMessage('ended'), isLookedAt ? LAST_MS : 0);
    });
    return { address: server.address };
  } catch (error) {
    return { failure: (error as Error).message };
  }
}

parentPort?.postMessage(await open());
