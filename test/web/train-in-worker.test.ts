import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows } from '../../src/array/matrix.ts';
import { TwoByteNumbers } from '../../src/array/two-byte.ts';
import { EngineError, InputError } from '../../src/errors.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { fit } from '../../src/training/fit.ts';
import { serializeModel } from '../../src/training/model-file.ts';
import type { Progress } from '../../src/training/progress.ts';
import { type Port, trainInWorker } from '../../src/web/index.ts';
import { served } from './served.ts';

const config = { inputs: 3, hidden: 2, seed: 3 };
const engine = { threads: 1, deterministic: true } as const;
const x = fromRows(Array.from({ length: 40 }, (_, i) => [0, 1, 2].map((j) => 0.5 + 0.4 * Math.sin(i * (j + 1)))));

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
      engine,
      onProgress: (p) => seen.push(p),
    });
    const here = await Autoencoder.create(config, engine);
    const expected = await fit(here, x, options);
    assert.equal(await serializeModel(model), await serializeModel(here));
    assert.is(result.cost, expected.cost);
    assert.is(seen.at(-1)?.step, 12);
  }));

test('trainInWorker sends a view, with its unit, and two runs at once do not mix', () =>
  served(async (worker) => {
    const bytes = new Uint8Array(64).map((_, i) => (i * 37) % 256);
    const view = { data: bytes.subarray(4), shape: [10, 3], stride: [3, 1], offset: 3, unit: 255 };
    const runs = [1, 2].map((seed) => trainInWorker(worker, { ...config, seed }, view, { epochs: 2, engine }));
    for (const [i, { model }] of (await Promise.all(runs)).entries()) {
      const here = await Autoencoder.create({ ...config, seed: i + 1 }, engine);
      await fit(here, view, { epochs: 2 });
      assert.equal(await serializeModel(model), await serializeModel(here));
    }
  }));

test('trainInWorker sends floats of two bytes, x and validation, without what lies beside them', () =>
  served(async (worker) => {
    const words = new Uint16Array(100).map((_, i) => 0x3000 + ((i * 37) % 0x0b00));
    const data = new TwoByteNumbers('float16', words.subarray(4, 94));
    const view = { data, shape: [30, 3], stride: [3, 1], offset: 0 };
    const options = { epochs: 2, validation: view };
    const { model, result } = await trainInWorker(worker, config, view, { ...options, engine });
    const here = await Autoencoder.create(config, engine);
    const expected = await fit(here, { ...view, data: Float32Array.from(data) }, options);
    assert.equal(await serializeModel(model), await serializeModel(here));
    assert.equal(result.history, expected.history);
  }));

test('trainInWorker: cancelled, it rejects with the reason, and the worker serves on', () =>
  served(async (worker) => {
    const cancel = new AbortController();
    const onProgress = () => cancel.abort(new Error('enough'));
    const endless = trainInWorker(worker, config, x, { epochs: 1e7, engine, signal: cancel.signal, onProgress });
    assert.match(String(await thrown(endless)), 'enough');
    assert.match(String(await thrown(trainInWorker(worker, config, x, { signal: cancel.signal }))), 'enough');
    await trainInWorker(worker, config, x, { epochs: 1, engine });
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

  const named = Object.assign(new Event('error'), { filename: 'https://example.org/worker.js' });
  worker.postMessage = () => target.dispatchEvent(named);
  assert.match(
    String(await thrown(trainInWorker(worker, config, x))),
    'the worker failed: its script did not load: check its URL (https://example.org/worker.js)',
  );
});

/** A worker whose script listens to nothing; `asked` keeps what it was sent. */
function deaf(): Port & { asked: string[] } {
  const asked: string[] = [];
  const none = () => undefined;
  const postMessage = (message: unknown) => asked.push((message as { rhohat: string }).rhohat);
  return { asked, postMessage, addEventListener: none, removeEventListener: none };
}

test('trainInWorker: a run in a worker that never serves ends, and the error says what is missing', async () => {
  const worker = deaf();
  const error = await thrown(trainInWorker(worker, config, x, { startWithin: 0.02 }));
  assert.instance(error, EngineError);
  assert.match((error as Error).message, /did not answer within 0\.02 s: .* call serve\(self\)/);
  assert.equal(worker.asked, ['train', 'cancel']);
  const cancel = new AbortController();
  const cancelled = trainInWorker(deaf(), config, x, { startWithin: 0.02, signal: cancel.signal });
  cancel.abort(new Error('enough'));
  assert.match(String(await thrown(cancelled)), 'enough');
});

test('trainInWorker: once the worker has answered, it may take its time; so may a page that is busy itself', () =>
  served(async (worker) => {
    const long = trainInWorker(worker, config, x, { epochs: 3000, engine, startWithin: 0.2 });
    const busyUntil = performance.now() + 300;
    while (performance.now() < busyUntil);
    const { result } = await long;
    assert.is(result.epochs, 3000);
  }));

test('trainInWorker: workers of a release that did not say that it serves are understood', async () => {
  const { port1, port2 } = new MessageChannel();
  const model = await Autoencoder.create(config, engine);
  port2.addEventListener('message', async ({ data: { run } }) => {
    port2.postMessage({ rhohat: 'progress', run, progress: {} });
    const done = { rhohat: 'done', run, model: await serializeModel(model), result: { cost: 1 } };
    setTimeout(() => port2.postMessage(done), 150);
  });
  port2.start();
  const { result } = await trainInWorker(port1, config, x, { startWithin: 0.1 });
  assert.is(result.cost, 1);
  port1.close();
});

test('serve: what it says first is of no run, so that pages of that release pass it over', async () => {
  const said: { rhohat: string; run?: number }[] = [];
  await served(async (worker) => {
    worker.addEventListener('message', (event) => said.push((event as MessageEvent).data));
    await trainInWorker(worker, config, x, { epochs: 1, engine });
  });
  assert.equal(said[0], { rhohat: 'serving' });
  assert.ok(said.slice(1).every(({ run }) => typeof run === 'number'));
});

test('trainInWorker: startWithin must be a time', async () => {
  for (const startWithin of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '30' as unknown as number]) {
    const error = await thrown(trainInWorker(deaf(), config, x, { startWithin }));
    assert.instance(error, InputError);
    assert.match((error as Error).message, /^options\.startWithin is .*: it must be a number of seconds/);
  }
});

test('an onProgress that throws or rejects ends the run with that, and the worker goes on to serve', () =>
  served(async (worker) => {
    const reason = new Error('no canvas');
    const throwing = () => {
      throw reason;
    };
    for (const onProgress of [throwing, async () => throwing()]) {
      assert.is(await thrown(trainInWorker(worker, config, x, { epochs: 2, engine, onProgress })), reason);
    }
    assert.is((await trainInWorker(worker, config, x, { epochs: 1, engine })).result.epochs, 1);
  }));

test('an abort ends the run with its reason where the worker never answers', async () => {
  const { port1, port2 } = new MessageChannel();
  try {
    port2.addEventListener('message', () => port2.postMessage({ rhohat: 'serving' }));
    port2.start();
    const controller = new AbortController();
    const run = trainInWorker(port1, config, x, { signal: controller.signal, startWithin: 0.1 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const reason = new Error('enough');
    controller.abort(reason);
    assert.is(await thrown(run), reason);
  } finally {
    port1.close();
    port2.close();
  }
});

test.run();
