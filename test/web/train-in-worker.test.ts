import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows } from '../../src/array/matrix.ts';
import { EngineError, InputError } from '../../src/errors.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { fit } from '../../src/training/fit.ts';
import { serializeModel } from '../../src/training/model-file.ts';
import type { Progress } from '../../src/training/progress.ts';
import { type Port, serve, trainInWorker } from '../../src/web/index.ts';

const config = { inputs: 3, hidden: 2, seed: 3 };
const kernels = { threads: 1, deterministic: true } as const;
const x = fromRows(Array.from({ length: 40 }, (_, i) => [0, 1, 2].map((j) => 0.5 + 0.4 * Math.sin(i * (j + 1)))));

/** Runs `use` with the page's end of a channel at whose other end `serve` listens, on this same thread. */
async function served(use: (worker: Port) => Promise<void>): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  serve(port2);
  try {
    await use(port1);
  } finally {
    port1.close();
    port2.close();
  }
}

async function thrown(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => assert.unreachable('it must reject'),
    (error) => error,
  );
}

test('trainInWorker gives the bits of fit, and tells of the last step', () =>
  served(async (worker) => {
    const seen: Progress[] = [];
    const options = { epochs: 3, batchSize: 10, validation: x };
    const { model, result } = await trainInWorker(worker, config, x, {
      ...options,
      kernels,
      onProgress: (p) => seen.push(p),
    });
    const here = await Autoencoder.create(config, kernels);
    const expected = await fit(here, x, options);
    assert.equal(serializeModel(model), serializeModel(here));
    assert.is(result.cost, expected.cost);
    assert.is(seen.at(-1)?.step, 12);
  }));

test('trainInWorker sends a view, with its unit, and two runs at once do not mix', () =>
  served(async (worker) => {
    const bytes = new Uint8Array(64).map((_, i) => (i * 37) % 256);
    const view = { data: bytes.subarray(4), shape: [10, 3], stride: [3, 1], offset: 3, unit: 255 };
    const runs = [1, 2].map((seed) => trainInWorker(worker, { ...config, seed }, view, { epochs: 2, kernels }));
    for (const [i, { model }] of (await Promise.all(runs)).entries()) {
      const here = await Autoencoder.create({ ...config, seed: i + 1 }, kernels);
      await fit(here, view, { epochs: 2 });
      assert.equal(serializeModel(model), serializeModel(here));
    }
  }));

test('trainInWorker: cancelled, it rejects with the reason, and the worker serves on', () =>
  served(async (worker) => {
    const cancel = new AbortController();
    const onProgress = () => cancel.abort(new Error('enough'));
    const endless = trainInWorker(worker, config, x, { epochs: 1e7, kernels, signal: cancel.signal, onProgress });
    assert.match(String(await thrown(endless)), 'enough');
    assert.match(String(await thrown(trainInWorker(worker, config, x, { signal: cancel.signal }))), 'enough');
    await trainInWorker(worker, config, x, { epochs: 1, kernels });
  }));

test('trainInWorker: errors keep their class and their words', () =>
  served(async (worker) => {
    const error = await thrown(trainInWorker(worker, { ...config, inputs: 4 }, x));
    assert.instance(error, InputError);
    assert.match((error as Error).message, 'x has shape (40, 3)');
  }));

test('trainInWorker: a worker that fails is an EngineError', async () => {
  const target = new EventTarget();
  const worker = Object.assign(target, { postMessage: () => target.dispatchEvent(new Event('error')) }) as Port;
  assert.instance(await thrown(trainInWorker(worker, config, x)), EngineError);
});

test.run();
