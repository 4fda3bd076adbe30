// Training in a worker, with progress and cancel: this thread stays free. The same two calls serve a page, where the
// worker's script is `serve(self)` and the first argument of trainInWorker the Worker.
// node examples/worker.mjs
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { swissRoll } from 'rhohat/data';
import { serve, trainInWorker } from 'rhohat/worker';

if (isMainThread) {
  const { port1, port2 } = new MessageChannel(); // in a page a Worker is a port itself
  const worker = new Worker(new URL(import.meta.url), { workerData: port2, transferList: [port2] });
  const config = { inputs: 3, hidden: [16, 2], activation: ['tanh', 'linear'], output: 'linear', seed: 1 };
  const { x } = swissRoll({ examples: 1000, seed: 1 });

  const onProgress = ({ epoch, epochs, cost }) => console.log(`epoch ${epoch} of ${epochs}: ${cost.toFixed(2)}`);
  const { model, result } = await trainInWorker(port1, config, x, { epochs: 20, onProgress });
  console.log(`done: ${result.steps} steps, cost ${result.cost.toFixed(2)}`);
  console.log(`codes: ${(await model.encode(x)).shape}`); // the model is here now

  const cancel = new AbortController();
  setTimeout(() => cancel.abort(new Error('the user pressed cancel')), 200);
  await trainInWorker(port1, config, x, { epochs: 100_000, signal: cancel.signal }).catch(({ message }) =>
    console.log(message),
  );
  port1.close();
  await worker.terminate();
} else serve(workerData);
