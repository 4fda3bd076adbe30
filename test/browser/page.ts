import { Autoencoder } from '../../src/model/autoencoder.ts';
import { fit } from '../../src/training/fit.ts';
import { trainInWorker } from '../../src/web/index.ts';
import { config, examples, hashOf, options, type Report } from './job.ts';

const isolated = globalThis.crossOriginIsolated;

/** What the worker says of its threads. */
function threadsOf(worker: Worker): Promise<Report['threads']> {
  return new Promise((resolve) => {
    worker.addEventListener('message', ({ data }) => {
      if (data.threads) resolve(data.threads);
    });
    worker.postMessage('threads');
  });
}

/** On the page's own thread, which may not sleep while others work. */
async function trainHere(): Promise<string> {
  const { kernels, ...fitOptions } = options;
  const model = await Autoencoder.create(config, kernels);
  await fit(model, examples(), fitOptions);
  return hashOf(model);
}

async function train(): Promise<Report> {
  let heard = 0;
  const worker = new Worker('/worker.js', { type: 'module' });
  const onProgress = () => heard++;
  const { model, result } = await trainInWorker(worker, config, examples(), { ...options, onProgress });
  const threads = await threadsOf(worker);
  return { hash: await hashOf(model), pageHash: await trainHere(), cost: result.cost, heard, isolated, threads };
}

const report = await train().catch((error): Report => ({ isolated, error: String(error) }));
document.body.textContent = JSON.stringify(report, null, 2);
await fetch('/report', { method: 'POST', body: JSON.stringify(report) });
