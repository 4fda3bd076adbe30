import { Worker } from 'node:worker_threads';

/** Where what is built lies, from any file of it one folder down. */
const SERVE = new URL('../node/view/serve.js', import.meta.url);
const PAGE = new URL('../page/', import.meta.url);

/** What the thread of a live view says. */
export type LiveAnswer = { readonly address: string } | { readonly failure: string };

/** A view of a run in this process. */
export interface LiveView {
  readonly address: string;
  /** Once all is written: gives a page that is looked at two seconds to see it, and ends. */
  end(): Promise<void>;
}

/** The page of views, as a path. */
export const pageFolder = (): URL => PAGE;

/**
 * Serves one run's folder from a thread of its own, so that neither waits for the other: it ends with the process, and does not keep it
 * alive. @throws Error where no server can be opened.
 */
export async function openLiveView(folder: string, port: number | undefined): Promise<LiveView> {
  const worker = new Worker(SERVE, { workerData: { folder, port, page: PAGE.href }, stdin: false });
  worker.unref();
  const answer = await new Promise<LiveAnswer>((resolve) => {
    worker.ref(); // until it has answered
    worker.once('message', resolve);
    worker.once('error', (error) => resolve({ failure: error.message }));
  });
  worker.on('error', () => undefined); // the run goes on without it
  worker.unref();
  if ('failure' in answer) throw new Error(answer.failure);
  return {
    address: answer.address,
    end: () =>
      new Promise<void>((resolve) => {
        worker.ref();
        worker.once('message', () => resolve());
        worker.once('exit', () => resolve());
        worker.postMessage('end');
      }).then(async () => void (await worker.terminate())),
  };
}
