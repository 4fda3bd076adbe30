import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows } from '../../src/array/matrix.ts';
import { InputError } from '../../src/errors.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { Classifier } from '../../src/model/classifier.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { fit } from '../../src/training/fit.ts';
import { fitClassifier } from '../../src/training/fit-classifier.ts';
import { serializeClassifier, serializeModel } from '../../src/training/model-file.ts';
import {
  type ClassifierSnapshot,
  type Snapshot,
  type SnapshotOptions,
  trainClassifierInWorker,
  trainInWorker,
} from '../../src/web/index.ts';
import { errorOf as reasonOf } from '../support/errors.ts';
import { served } from './served.ts';

const errorOf = async (run: () => Promise<unknown>) => (await reasonOf(run)) as Error;
const engine = { threads: 1, deterministic: true } as const;
const wave = (rows: number, shift = 0) =>
  fromRows(Array.from({ length: rows }, (_, i) => [0, 1, 2].map((j) => 0.5 + 0.4 * Math.sin((i + shift) * (j + 1)))));
const x = wave(40);
const test5 = wave(5, 0.5); // of another size than x
const labels = Array.from({ length: 40 }, (_, i) => i % 2);

const configs: Record<string, AutoencoderConfig> = {
  denoising: { inputs: 3, hidden: 2, seed: 3, corruption: { kind: 'masking', fraction: 0.3 } },
  float64: { inputs: 3, hidden: [4, 2], seed: 3, precision: 'float64' },
  'k-sparse': { inputs: 3, hidden: 6, seed: 3, activation: 'linear', sparsity: { kind: 'k-sparse', k: 2, alpha: 2 } },
  dictionary: {
    inputs: 3,
    hidden: 6,
    seed: 3,
    output: 'linear',
    activation: 'relu',
    sparsity: { kind: 'batch-top-k', k: 2 },
  },
};

for (const [name, config] of Object.entries(configs)) {
  test(`snapshots: ${name}: the bits are those of fit, and those of a run that ended there`, () =>
    served(async (worker) => {
      const here = await Autoencoder.create(config, engine);
      const seen: object[] = [];
      // Every step of three epochs, the third of which begins another k and another order.
      await fit(here, x, {
        epochs: 3,
        batchSize: 10,
        async onProgress({ step, epoch }) {
          const [parameters, codes] = [await here.parameters(), await here.encode(test5)];
          seen[step] = { step, epoch, weight: rows(Object.values(parameters)[0]), codes: [...codes.data] };
        },
      });
      const snapshots: Snapshot[] = [];
      const { model } = await trainInWorker(worker, config, x, {
        ...{ epochs: 3, batchSize: 10, engine },
        snapshot: { every: 1, codes: test5, reconstructions: x, take: (snapshot) => void snapshots.push(snapshot) },
      });
      assert.equal(await serializeModel(model), await serializeModel(here));
      assert.ok(snapshots.length >= 2);
      for (const { step, epoch, parameters, codes, reconstructions } of snapshots) {
        const [first] = Object.values(parameters);
        const weight = rows(first);
        assert.equal({ step, epoch, weight, codes: [...(codes?.data ?? [])] }, seen[step]);
        assert.equal(reconstructions?.shape, [40, 3]);
        assert.is(first.get(1, 2), weight[5]); // an ndarray
      }
      const last = snapshots[snapshots.length - 1];
      assert.is(last.step, 12);
      assert.is(new Set(snapshots.map(({ step }) => step)).size, snapshots.length, 'the last one is not sent twice');
      assert.equal(last.reconstructions?.data, (await model.reconstruct(x)).data);
      assert.is(last.codes?.data.constructor, config.precision === 'float64' ? Float64Array : Float32Array);
      assert.equal(Object.keys(last.parameters), Object.keys(await model.parameters()));
    }));
}

const rows = ({ data, offset, shape }: { data: ArrayLike<number>; offset: number; shape: number[] }) =>
  Array.from(data).slice(offset, offset + shape.reduce((n, size) => n * size, 1));

test('snapshots: those that are named, of every so many steps, of a run that goes on', () =>
  served(async (worker) => {
    const config = configs.denoising;
    const steps: number[] = [];
    const take: SnapshotOptions['take'] = ({ step, parameters, codes }) => {
      assert.equal([Object.keys(parameters), codes], [['decoder.bias', 'encoder.bias'], undefined]);
      assert.equal(parameters['encoder.bias'].shape, [2]);
      steps.push(step);
    };
    const parameters = ['decoder.bias', 'encoder.bias'];
    const run = { epochs: 600, batchSize: 10, engine } as const;
    await trainInWorker(worker, config, x, { ...run, snapshot: { every: 7, parameters, take } });
    assert.ok(steps.length > 2);
    assert.ok(steps.slice(0, -1).every((step) => step % 7 === 0));
    assert.is(steps.at(-1), 2400);
    const none: object[] = [];
    const nothing = {
      parameters: false,
      every: '1h',
      take: (snapshot: Snapshot) => void none.push(snapshot.parameters),
    };
    await trainInWorker(worker, config, x, { ...run, epochs: 2, snapshot: nothing });
    assert.equal(none, [{}, {}], 'after the first step and the last');
  }));

test('snapshots: a slow page gets few, training does not wait, and the promise does', () =>
  served(async (worker) => {
    let [under, most, taken] = [0, 0, 0];
    const take = async () => {
      most = Math.max(most, ++under);
      await new Promise((resolve) => setTimeout(resolve, 150));
      under--;
      taken++;
    };
    let sent = 0;
    worker.addEventListener('message', (event) => {
      if ((event as MessageEvent).data.rhohat === 'snapshot') sent++;
    });
    const begin = performance.now();
    const { result } = await trainInWorker(worker, configs.denoising, x, {
      ...{ epochs: 600, batchSize: 10, engine },
      snapshot: { every: 1, take },
    });
    const waited = performance.now() - begin;
    assert.is(result.steps, 2400);
    assert.equal([most, under], [1, 0]);
    assert.ok(taken === sent && sent >= 2 && sent <= 3 + result.seconds / 0.15, `${sent} in ${result.seconds} s`);
    assert.ok(1000 * result.seconds < waited - 100, 'the last one was waited for by the page alone');
  }));

test("snapshots: with keep: 'best' the last one is of the model that comes back", () =>
  served(async (worker) => {
    let last: Snapshot | null = null;
    const { model, result } = await trainInWorker(worker, { inputs: 3, hidden: 12, output: 'linear', seed: 2 }, x, {
      ...{ epochs: 40, batchSize: 2, optimizer: { kind: 'adam', learningRate: 0.3 }, engine },
      ...{ validation: test5, keep: 'best' },
      snapshot: {
        take(snapshot) {
          last = snapshot;
        },
      },
    });
    const { step, epoch, parameters } = last as unknown as Snapshot;
    const { kept = 0 } = result;
    assert.ok(kept > 0 && kept < 40, String(kept));
    assert.equal([epoch, step], [kept, 20 * kept]);
    assert.equal(rows(parameters['encoder.weight']), rows((await model.parameters())['encoder.weight']));
  }));

test('snapshots: an abort during one ends the run at once, what throws in one does, and the worker serves on', () =>
  served(async (worker) => {
    const cancel = new AbortController();
    const endless = { epochs: 1e7, engine, signal: cancel.signal };
    let calls = 0;
    const never = () => {
      calls++;
      setTimeout(() => cancel.abort(new Error('enough')), 60);
      return new Promise(() => {});
    };
    const error = await errorOf(() =>
      trainInWorker(worker, configs.float64, x, { ...endless, snapshot: { every: 1, take: never } }),
    );
    assert.is(error, cancel.signal.reason);
    const reason = new Error('no canvas');
    const throwing = () => {
      calls++;
      throw reason;
    };
    for (const take of [throwing, async () => throwing()]) {
      const run = { epochs: 1e7, engine, snapshot: { every: 1, take } };
      assert.is(await errorOf(() => trainInWorker(worker, configs.float64, x, run)), reason);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.is(calls, 3);
    assert.is((await trainInWorker(worker, configs.float64, x, { epochs: 1, engine })).result.epochs, 1);
  }));

test('snapshots: of a run that diverges its own error is told', () =>
  served(async (worker) => {
    const wild = { kind: 'sgd', learningRate: 1e30 } as const;
    const config = { inputs: 3, hidden: 2, output: 'linear', activation: 'linear', seed: 1 } as const;
    const options = { epochs: 50, optimizer: wild, engine };
    const without = await errorOf(() => trainInWorker(worker, config, x, options));
    const snapshot = { every: 1, codes: x, reconstructions: x, take: () => {} };
    const error = await errorOf(() => trainInWorker(worker, config, x, { ...options, snapshot }));
    assert.equal([error.name, error.message], ['TrainingError', without.message]);
  }));

test('snapshots: of a classifier, at each of its stages', () =>
  served(async (worker) => {
    const config = { inputs: 3, hidden: [4], classes: 2, seed: 1 };
    for (const stage of ['softmax', 'all'] as const) {
      const seen: ClassifierSnapshot[] = [];
      const run = { epochs: 300, batchSize: 10, stage };
      const { classifier } = await trainClassifierInWorker(worker, config, x, labels, {
        ...{ ...run, engine },
        snapshot: { every: 20, probabilities: test5, take: (snapshot) => void seen.push(snapshot) },
      });
      const here = await Classifier.create(config, engine);
      await fitClassifier(here, x, labels, run);
      assert.equal(await serializeClassifier(classifier), await serializeClassifier(here));
      const [first, last] = [seen[0], seen[seen.length - 1]];
      assert.is(first.step, 20);
      const early = await Classifier.create(config, engine);
      await fitClassifier(early, x, labels, { ...run, epochs: 5 });
      assert.equal(first.probabilities?.data, (await early.probabilities(test5)).data);
      assert.equal(rows(first.parameters['softmax.weight']), rows((await early.parameters())['softmax.weight']));
      assert.equal(last.probabilities?.data, (await here.probabilities(test5)).data);
    }
  }));

test('snapshots: what is not allowed is refused before training', () =>
  served(async (worker) => {
    const refused = async (snapshot: object, message: RegExp) => {
      const options = { engine, snapshot: { take: () => {}, ...snapshot } as unknown as SnapshotOptions };
      const error = await errorOf(() => trainInWorker(worker, configs['k-sparse'], x, options));
      assert.instance(error, InputError);
      assert.match(error.message, message);
    };
    await refused(
      { parameters: ['encoder.weights'] },
      /^options\.snapshot\.parameters names "encoder\.weights": .* are encoder\.weight, encoder\.bias, .*decoder\.bias$/,
    );
    await refused(
      { parameters: 'encoder.weight' },
      /^options\.snapshot\.parameters is "encoder\.weight": it must be true/,
    );
    await refused({ every: 0 }, /^options\.snapshot\.every is 0: it must be a number of steps/);
    await refused({ every: 'now' }, /^options\.snapshot\.every is "now": /);
    await refused(
      { take: undefined },
      /^options\.snapshot\.take is missing|it must be a function that takes a snapshot/,
    );
    await refused({ probabilities: x }, /^options\.snapshot\.probabilities is not a known key/);
    await refused({ codes: [[1, 2]] }, /^options\.snapshot\.codes has shape \(1, 2\): it must be \(m, 3\)/);
    await refused({ reconstructions: [1, 2] }, /^options\.snapshot\.reconstructions is /);
    const none = trainInWorker(worker, configs['k-sparse'], x, { snapshot: 5 as unknown as SnapshotOptions });
    assert.match((await errorOf(() => none)).message, /^options\.snapshot is 5: it must be an object such as/);
  }));

test.run();
