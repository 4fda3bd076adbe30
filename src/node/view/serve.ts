// The thread of `rhohat train --live`: a server of one folder.
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { LiveAnswer } from './live.ts';
import { openRuns } from './run-reader.ts';
import { ViewFiles } from './view-files.ts';
import { openViewServer } from './view-server.ts';

const { folder, port, page } = workerData as { folder: string; port?: number; page: string };

async function open(): Promise<LiveAnswer> {
  try {
    const server = await openViewServer(new ViewFiles(fileURLToPath(page), await openRuns([folder])), port);
    return { address: server.address };
  } catch (error) {
    return { failure: (error as Error).message };
  }
}

parentPort?.postMessage(await open());
