import { Autoencoder } from '../../src/model/autoencoder.ts';
import { fit } from '../../src/training/fit.ts';
import { type Snapshot, trainInWorker } from '../../src/web/index.ts';
import { config, examples, hashOf, options, pictures, type Report, sha256 } from './job.ts';

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
  const { engine, ...fitOptions } = options;
  const model = await Autoencoder.create(config, engine);
  await fit(model, examples(), fitOptions);
  return hashOf(model);
}

/** Shows them, and tells the hash of the features. The curves are not the same text: their logarithms are V8's. */
async function drawHere(): Promise<string> {
  const { png, svg } = await pictures();
  for (const blob of [new Blob([png], { type: 'image/png' }), new Blob([svg], { type: 'image/svg+xml' })]) {
    const image = document.createElement('img');
    image.src = URL.createObjectURL(blob);
    await image.decode();
    document.body.append(image);
  }
  return sha256(png);
}

async function train(): Promise<Report> {
  let heard = 0;
  const worker = new Worker('/worker.js', { type: 'module' });
  const onProgress = () => heard++;
  let [snapshots, last] = [0, new Float32Array()];
  const take = ({ parameters, codes }: Snapshot) => {
    if (codes?.shape[0] !== 600) throw new Error(`codes of shape ${codes?.shape}`);
    last = Float32Array.from(parameters['encoder.weight'].data);
    snapshots++;
    return new Promise(requestAnimationFrame);
  };
  const snapshot = { every: 1, parameters: ['encoder.weight'], codes: examples(), take };
  const trainThere = () => trainInWorker(worker, config, examples(), { ...options, onProgress, snapshot });
  const first = await trainThere();
  const threads = await threadsOf(worker); // waits for them, so that the second training has them all
  const { model, result } = await trainThere();
  const [hash, pageHash] = [await hashOf(model), await trainHere()];
  if (hash !== (await hashOf(first.model))) throw new Error('the number of threads changed the bits');
  const { offset, data } = (await model.parameters())['encoder.weight'];
  if (last.some((weight, i) => weight !== data[offset + i])) throw new Error('the last snapshot is of another model');
  return { snapshots, hash, pageHash, cost: result.cost, featuresHash: await drawHere(), heard, isolated, threads };
}

/** Without options: whatever engine there are. */
async function trainFreely(): Promise<Report['free']> {
  const { engine: _, ...fitOptions } = options;
  const model = await Autoencoder.create(config);
  const { cost } = await fit(model, examples(), fitOptions);
  return { runtime: model.runtime, cost };
}

const free = await trainFreely();
const report = await train().catch((error): Report => ({ isolated, error: String(error) }));
const text = document.createElement('pre');
text.textContent = JSON.stringify({ ...report, free }, null, 2);
document.body.prepend(text);
await fetch('/report', { method: 'POST', body: JSON.stringify({ ...report, free }) });
