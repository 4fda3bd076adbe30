// Node's workers speak over a port of a MessageChannel that is handed to them.
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { serve } from 'rhohat/worker';
import { work } from './page/work.mjs';

if (isMainThread) {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL(import.meta.url), { workerData: port2, transferList: [port2] });
  console.log(JSON.stringify(await work(port1, JSON.parse(process.argv[2] ?? 'null') ?? undefined)));
  port1.close();
  await worker.terminate();
} else serve(workerData);
