import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows } from '../../src/array/matrix.ts';
import { CheckpointError, EngineError, InputError } from '../../src/errors.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { Classifier } from '../../src/model/classifier.ts';
import { fit } from '../../src/training/fit.ts';
import { fitClassifier } from '../../src/training/fit-classifier.ts';
import type { FitResult, HistoryEntry } from '../../src/training/history.ts';
import { serializeClassifier, serializeModel } from '../../src/training/model-file.ts';
import { type Port, serve, trainClassifierInWorker, trainInWorker } from '../../src/web/index.ts';
import { errorOf } from '../support/errors.ts';
import { served } from './served.ts';

const config = { inputs: 3, hidden: 2, seed: 3, corruption: { kind: 'masking', fraction: 0.3 } } as const;
const engine = { threads: 1, deterministic: true } as const;
const rows = Array.from({ length: 40 }, (_, i) => [0, 1, 2].map((j) => 0.5 + 0.4 * Math.sin(i * (j + 1))));
const x = fromRows(rows);

/** The worker is there, and says nothing more: as after `terminate`. */
function silent(): Port {
  const none = () => undefined;
  return { postMessage: none, addEventListener: none, removeEventListener: none };
}

test('a run goes on from a model, which itself stays as it is', () =>
  served(async (worker) => {
    const model = await Autoencoder.create(config, engine);
    await fit(model, x, { epochs: 2 });
    const before = await serializeModel(model);
    const { model: trained } = await trainInWorker(worker, model, rows, { epochs: 2, engine });
    assert.equal(await serializeModel(model), before);
    await fit(model, x, { epochs: 2 });
    assert.equal(await serializeModel(trained), await serializeModel(model));
  }));

test('checkpoints are saved on this side, and resumed there', () =>
  served(async (worker) => {
    const saved: Uint8Array[] = [];
    const save = (bytes: Uint8Array) => void saved.push(bytes);
    const run = { epochs: 6, batchSize: 10, engine } as const;
    const { model } = await trainInWorker(worker, config, x, { ...run, checkpoint: { every: 5, save } });
    assert.is(saved.length, 4);
    const { model: again, result } = await trainInWorker(worker, config, x, { ...run, resume: saved[1] });
    assert.is(result.resumed?.step, 10);
    assert.equal(await serializeModel(again), await serializeModel(model));
  }));

test('a checkpoint that cannot be saved ends the run as in fit, or is told', () =>
  served(async (worker) => {
    const full = new Error('the disk is full');
    const save = () => Promise.reject(full);
    const run = { epochs: 6, batchSize: 10, engine } as const;
    const error = await errorOf(() => trainInWorker(worker, config, x, { ...run, checkpoint: { every: 5, save } }));
    assert.instance(error, CheckpointError);
    assert.is((error as CheckpointError).cause, full);
    assert.match((error as Error).message, 'after step 5 could not be saved: the disk is full');
    assert.is((error as unknown as { result: FitResult }).result.steps, 5);
    const told: unknown[] = [];
    const checkpoint = { every: 5, save, onSaveError: (failed: unknown) => told.push(failed) };
    await trainInWorker(worker, config, x, { ...run, checkpoint });
    assert.equal(told, [full, full, full, full]);
  }));

test('an abort rejects at once, whatever the worker does, with what the page has heard', async () => {
  const cancel = new AbortController();
  const deaf = trainInWorker(silent(), config, x, { signal: cancel.signal });
  setTimeout(() => cancel.abort(), 10);
  const begin = performance.now();
  assert.is(await errorOf(() => deaf), cancel.signal.reason);
  assert.ok(performance.now() - begin < 5000, 'it does not wait for startWithin');

  await served(async (worker) => {
    const stop = new AbortController();
    const entries: HistoryEntry[] = [];
    const onEpoch = (entry: HistoryEntry) => {
      entries.push(entry);
      if (entry.epoch === 3) stop.abort();
    };
    const endless = trainInWorker(worker, config, x, { epochs: 1e5, engine, signal: stop.signal, onEpoch });
    const reason = (await errorOf(() => endless)) as { result: FitResult };
    assert.is(reason, stop.signal.reason);
    assert.equal(reason.result.history, entries);
    assert.is(reason.result.epochs, 3);
    const { result } = await trainInWorker(worker, config, x, { epochs: 1, engine }); // it serves on
    assert.is(result.epochs, 1);
  });
});

test('with checkpoints, an aborted run still saves its last one', () =>
  served(async (worker) => {
    const cancel = new AbortController();
    let ended: (bytes: Uint8Array) => void;
    const last = new Promise<Uint8Array>((resolve) => {
      ended = resolve;
    });
    const checkpoint = { every: 1e6, save: (bytes: Uint8Array) => ended(bytes) };
    const onProgress = () => cancel.abort();
    const run = { epochs: 1e4, batchSize: 10, engine } as const;
    const aborted = trainInWorker(worker, config, x, { ...run, checkpoint, onProgress, signal: cancel.signal });
    await errorOf(() => aborted);
    const more = new AbortController();
    const { resumed, onEpoch } = { resumed: await last, onEpoch: () => more.abort() };
    const again = trainInWorker(worker, config, x, { ...run, resume: resumed, onEpoch, signal: more.signal });
    assert.is(await errorOf(() => again), more.signal.reason);
  }));

test('what throws in a callback ends the run, in the worker too', () =>
  served(async (worker) => {
    for (const callback of ['onProgress', 'onEpoch'] as const) {
      const fault = new Error('mine');
      const thrower = () => {
        throw fault;
      };
      const run = { epochs: 1e5, engine, [callback]: thrower };
      assert.is(await errorOf(() => trainInWorker(worker, config, x, run)), fault);
    }
    await trainInWorker(worker, config, x, { epochs: 1, engine });
  }));

test('early stopping and the best parameters, as in fit', () =>
  served(async (worker) => {
    const options = { epochs: 30, validation: rows, stop: { patience: 2 }, keep: 'best' } as const;
    const here = await Autoencoder.create(config, engine);
    const { seconds: _, ...expected } = await fit(here, x, options);
    const { model, result } = await trainInWorker(worker, config, x, { ...options, engine });
    const { seconds: __, ...found } = result;
    assert.equal(found, expected);
    assert.equal(await serializeModel(model), await serializeModel(here));
  }));

test('classifiers are trained in a worker too, in stages and from one that is there', () =>
  served(async (worker) => {
    const labels = Uint8Array.from(rows, (_, i) => i % 2);
    const start = { inputs: 3, hidden: [4], classes: 2, seed: 1 } as const;
    const here = await Classifier.create(start, engine);
    const held = { validation: { x, labels } };
    await fitClassifier(here, x, labels, { epochs: 2, stage: 'softmax', ...held });
    const first = await trainClassifierInWorker(worker, start, x, labels, {
      epochs: 2,
      stage: 'softmax',
      engine,
      ...held,
    });
    assert.equal(await serializeClassifier(first.classifier), await serializeClassifier(here));
    const expected = await fitClassifier(here, x, labels, { epochs: 2, ...held });
    const second = await trainClassifierInWorker(worker, first.classifier, rows, labels, {
      epochs: 2,
      engine,
      ...held,
    });
    assert.equal(await serializeClassifier(second.classifier), await serializeClassifier(here));
    assert.equal(second.result.history, expected.history);
  }));

test('arguments that are none are refused by name', () =>
  served(async (worker) => {
    const cases: [RegExp, () => Promise<unknown>][] = [
      [
        /^the worker is "?worker\.js"?, without postMessage: it must be a Worker/,
        () => trainInWorker('worker.js' as never, config, x),
      ],
      [/^the worker is undefined, without postMessage/, () => trainInWorker(undefined as never, config, x)],
      [/^the worker is .*, without addEventListener/, () => trainInWorker({ postMessage() {} } as never, config, x)],
      [/^x is undefined: it must be an ndarray/, () => trainInWorker(worker, config, undefined as never)],
      [/^x is of class Map: it must be an ndarray/, () => trainInWorker(worker, config, new Map() as never)],
      [/^the model is undefined: it must be an object such as/, () => trainInWorker(worker, undefined as never, x)],
      [/^options is 5: it must be an object/, () => trainInWorker(worker, config, x, 5 as never)],
      [
        /^options\.optimizer\.learningRate is a function, which cannot be sent/,
        () => trainInWorker(worker, config, x, { optimizer: { kind: 'sgd', learningRate: () => 1 } }),
      ],
      [
        /^options\.signal is 5: it must be an AbortSignal/,
        () => trainInWorker(worker, config, x, { signal: 5 as never }),
      ],
      [
        /^options\.checkpoint\.save is null: it must be a function/,
        () => trainInWorker(worker, config, x, { checkpoint: {} as never }),
      ],
      [
        /^options\.onEpoch is 5: it must be a function/,
        () => trainInWorker(worker, config, x, { onEpoch: 5 as never }),
      ],
      [
        /^options\.group is given, which cannot be sent/,
        () => trainInWorker(worker, config, x, { group: {} } as never),
      ],
      [
        /nested too deeply/,
        () => {
          const own: Record<string, unknown> = {};
          own.self = own;
          return trainInWorker(worker, config, x, { optimizer: own } as never);
        },
      ],
      [/^options\.validation is 3: it must be/, () => trainInWorker(worker, config, x, { validation: 3 as never })],
      [
        /^labels has 0 entries for 40 examples/,
        () => trainClassifierInWorker(worker, { inputs: 3, hidden: [], classes: 2 }, x, []),
      ],
    ];
    for (const [message, call] of cases) {
      const error = await errorOf(call);
      assert.instance(error, InputError, String(error));
      assert.match((error as Error).message, message);
    }
  }));

test('a port that is closed, and what cannot be read, end the run', async () => {
  const { port1, port2 } = new MessageChannel();
  serve(port2);
  const endless = trainInWorker(port1, config, x, { epochs: 1e6, engine, onProgress: () => port2.close() });
  const error = await errorOf(() => endless);
  assert.instance(error, EngineError);
  assert.match((error as Error).message, 'its port is closed');
  port1.close();
});

test('garbage on the port harms nobody', () =>
  served(async (worker) => {
    const unheard: unknown[] = [];
    const hear = (reason: unknown) => unheard.push(reason);
    process.on('unhandledRejection', hear);
    try {
      for (const garbage of [
        null,
        5,
        {},
        { rhohat: 'train' },
        { rhohat: 'train', run: 1, job: 5 },
        { rhohat: 'saved' },
      ]) {
        worker.postMessage(garbage, [] as never);
      }
      const { result } = await trainInWorker(worker, config, x, { epochs: 1, engine });
      assert.is(result.epochs, 1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(unheard, []);
    } finally {
      process.off('unhandledRejection', hear);
    }
  }));

test('callbacks are called one after another, progress with the latest, and what they reject with ends the run', () =>
  served(async (worker) => {
    let [inside, most, last] = [0, 0, 0];
    const epochs: number[] = [];
    const slow = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 30));
      inside--;
    };
    const run = { epochs: 5, batchSize: 10, engine, validation: x };
    await trainInWorker(worker, config, x, {
      ...run,
      onProgress: async ({ step }) => {
        await slow();
        last = step;
      },
      onEpoch: async ({ epoch }) => {
        await slow();
        epochs.push(epoch);
      },
    });
    assert.equal([most, last, epochs], [1, 20, [1, 2, 3, 4, 5]]);
    const fault = new Error('of the last epoch');
    const onEpoch = async ({ epoch }: HistoryEntry) => {
      await slow();
      if (epoch === 5) throw fault;
    };
    assert.is(await errorOf(() => trainInWorker(worker, config, x, { ...run, onEpoch })), fault);
  }));

test('the bytes of a model are where a run may begin', () =>
  served(async (worker) => {
    const model = await Autoencoder.create(config, engine);
    const { model: trained } = await trainInWorker(worker, await serializeModel(model), x, { epochs: 2, engine });
    await fit(model, x, { epochs: 2 });
    assert.equal(await serializeModel(trained), await serializeModel(model));
  }));

test.run();
