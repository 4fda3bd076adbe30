import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { EngineError } from '../../src/errors.ts';
import type { KernelChoice } from '../../src/kernels/kernels.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { Classifier } from '../../src/model/classifier.ts';
import type { CreateOptions } from '../../src/model/kernel-options.ts';
import { fit } from '../../src/training/fit.ts';
import { fitClassifier } from '../../src/training/fit-classifier.ts';
import {
  deserializeClassifier,
  deserializeModel,
  serializeClassifier,
  serializeModel,
} from '../../src/training/model-file.ts';
import { fitStack, stackClassifier, unroll } from '../../src/training/stack.ts';
import { assertRefused, errorOf } from '../support/errors.ts';
import { adapter, type Fake, fakeGpu, living, withGpu } from '../support/fake-gpu.ts';

const x = matrix(
  Float32Array.from({ length: 40 * 12 }, (_, i) => ((i * 7919) % 97) / 100),
  40,
  12,
);
const config = { inputs: 12, hidden: 9, seed: 1 } as const;
const batches = { epochs: 2, batchSize: 10, optimizer: { kind: 'adam', learningRate: 1e-3 } } as const;
const webgpu: CreateOptions = { kernels: 'webgpu' };
const auto: CreateOptions = { kernels: 'auto' };

const on = <T>(use: () => Promise<T>, fake: Fake = {}) => withGpu(() => fakeGpu(fake), use);
const none = () => Promise.reject(new EngineError('no adapter was found: try a browser that has one'));

test.before.each(() => living.clear());

test('kernels: the processor is the default, and nobody asks for a GPU', async () => {
  const asked = () => Promise.reject(new Error('a GPU was asked for'));
  await withGpu(asked, async () => {
    for (const options of [{}, { kernels: 'cpu' }] as const) {
      const { device, adapter, limits, chosen } = (await Autoencoder.create(config, options)).runtime;
      assert.equal({ device, adapter, limits, chosen }, { device: 'cpu', adapter: null, limits: null, chosen: null });
    }
  });
});

test('kernels: webgpu runs models of all kinds, and runtime says on what', () =>
  on(async () => {
    const model = await Autoencoder.create(config, webgpu);
    const { limits, ...names } = adapter;
    const expected = { kernels: 'webgpu', threads: 1, device: 'gpu', adapter: names, limits, chosen: null, note: null };
    assert.equal(model.runtime, expected);
    assert.equal(JSON.parse(JSON.stringify(model.runtime)), expected);
    const { cost } = await fit(model, x, batches);
    assert.ok(Number.isFinite(cost));
    const again = (await deserializeModel(await serializeModel(model), webgpu)).model;
    assert.is(again.runtime.device, 'gpu');
    assert.equal(await again.encode(x), await model.encode(x));

    const classifier = await Classifier.create({ inputs: 12, hidden: [], classes: 3 }, webgpu);
    const labels = Array.from({ length: 40 }, (_, i) => i % 3);
    await fitClassifier(classifier, x, labels, { stage: 'all', optimizer: { kind: 'lbfgs', iterations: 3 } });
    assert.is(classifier.runtime.device, 'gpu');
    const bytes = await serializeClassifier(classifier);
    assert.is((await deserializeClassifier(bytes, webgpu)).classifier.runtime.device, 'gpu');

    const layers = [{ model: { hidden: 9 }, fit: batches }];
    const { models } = await fitStack(x, layers, { engine: webgpu });
    const others = [models[0], await unroll(models), await stackClassifier(models, { classes: 3 })];
    assert.equal(
      others.map(({ runtime }) => runtime.device),
      ['gpu', 'gpu', 'gpu'],
    );
    for (const made of [model, again, classifier, ...others]) made.dispose();
  }));

test('kernels: a model that was trained on the GPU goes on with the processor, and the other way', () =>
  on(async () => {
    const checkpoints: Uint8Array[] = [];
    const save = (bytes: Uint8Array) => void checkpoints.push(bytes);
    await fit(await Autoencoder.create(config, webgpu), x, { ...batches, checkpoint: { every: 3, save } });
    const here = await Autoencoder.create(config);
    const { resumed } = await fit(here, x, { ...batches, resume: checkpoints[0] });
    assert.equal(resumed, { step: 3, kernels: 'webgpu' });
    await fit(await Autoencoder.create(config), x, { ...batches, checkpoint: { every: 3, save } });
    const there = await Autoencoder.create(config, webgpu);
    const result = await fit(there, x, { ...batches, resume: checkpoints[checkpoints.length - 2] });
    assert.match(result.resumed?.kernels ?? '', /^simd|reference/);
    const [a, b] = await Promise.all([here.encode(x), there.encode(x)]);
    const apart = a.data.findIndex((value: number, i: number) => Math.abs(value - b.data[i]) > 1e-4);
    assert.is(apart, -1);
  }));

test('kernels: what no GPU runs is refused, by its name', () =>
  on(async () => {
    const parts = { activations: {} };
    const refused: [CreateOptions, object, RegExp][] = [
      [webgpu, { precision: 'float64' }, /^options\.kernels is "webgpu", and config\.precision is "float64", .* WGSL/],
      [
        { ...webgpu, parts },
        {},
        /options\.parts are JavaScript, which no GPU runs: leave kernels out, or leave parts out/,
      ],
      [{ ...webgpu, deterministic: true }, {}, /^options\.kernels is "webgpu" with options\.deterministic/],
      [{ ...auto, deterministic: true }, {}, /^options\.kernels is "auto" with options\.deterministic/],
      [{ kernels: 'gpu' as 'webgpu' }, {}, /^options\.kernels is "gpu": it must be one of/],
      [{ ...auto, batchSize: 0 }, {}, /^options\.batchSize is 0/],
      [
        { ...auto, chosen: { kernels: 'gpu' } as unknown as KernelChoice },
        {},
        /^options\.chosen is .*model\.runtime\.chosen/,
      ],
    ];
    for (const [options, more, message] of refused) {
      await assertRefused(() => Autoencoder.create({ ...config, ...more }, options as { parts: object }), message);
    }
    const group = { rank: 0, size: 1, sum() {}, total() {}, gather() {} };
    const topK = { ...config, sparsity: { kind: 'top-k', k: 2 } } as const;
    await assertRefused(
      () => Autoencoder.create(topK, { ...webgpu, latents: group }),
      /options\.latents shares a model/,
    );
    await assertRefused(
      () => Classifier.create({ inputs: 2, classes: 2, hidden: [], precision: 'float64' }, webgpu),
      /WGSL/,
    );
    assert.is(living.size, 0);
  }));

test('kernels: without an adapter webgpu fails with the words of its kernels, and auto takes the processor', () =>
  withGpu(none, async () => {
    const error = await errorOf(() => Autoencoder.create(config, webgpu));
    assert.instance(error, EngineError);
    const { device, chosen, note } = (await Autoencoder.create(config, auto)).runtime;
    assert.equal({ device, chosen }, { device: 'cpu', chosen: { by: 'auto', kernels: 'cpu' } });
    assert.is(note, 'auto chose the processor: no adapter was found: try a browser that has one');
  }));

test('kernels: auto takes the processor for what no GPU runs, and says why', () =>
  on(async () => {
    const precise = await Autoencoder.create({ ...config, precision: 'float64' }, auto);
    assert.match(precise.runtime.note ?? '', /^auto chose the processor: config\.precision is "float64"/);
    const own = await Autoencoder.create(config, { ...auto, parts: {} });
    assert.match(own.runtime.note ?? '', /JavaScript/);
    assert.is(living.size, 0);
  }));

// Enough work for a processor to be far behind what computes nothing.
const large = { inputs: 400, hidden: 500, seed: 1 } as const;

test('kernels: auto keeps the faster, gives the other back, and tells what it measured', async () => {
  const fast = await on(() => Autoencoder.create(large, auto), { idle: true });
  const { device, chosen, note } = fast.runtime;
  assert.equal([device, chosen?.kernels, chosen?.batchSize, note], ['gpu', 'webgpu', 256, null]);
  assert.ok(Number(chosen?.gpu) < Number(chosen?.cpu));
  assert.is(living.size, 1);
  assert.is(fast.memory().parameters, fast.memory().total); // what was timed is given back
  living.clear();
  const slow = await on(() => Autoencoder.create(config, { ...auto, batchSize: 20 }), { slow: 40 });
  assert.equal([slow.runtime.device, slow.runtime.chosen?.kernels, slow.runtime.chosen?.batchSize], ['cpu', 'cpu', 20]);
  assert.is(living.size, 0);
  assert.is(slow.memory().parameters, slow.memory().total);
});

test('kernels: auto times every kind of model', async () => {
  const kinds = [
    { corruption: { kind: 'masking', fraction: 0.2 } },
    { sparsity: { kind: 'k-sparse', k: 3 } },
    { sparsity: { kind: 'batch-top-k', k: 3 } },
    { targets: 5, output: 'linear', loss: 'squared-error', skip: true },
    { hidden: [9, 4], contraction: 0.1 },
  ] as const;
  for (const kind of kinds) {
    const model = await on(() =>
      Autoencoder.create({ ...config, ...kind, output: 'linear', loss: 'squared-error' }, auto),
    );
    assert.ok(Number(model.runtime.chosen?.cpu) > 0, JSON.stringify([kind, model.runtime]));
  }
  const classifier = await on(() => Classifier.create({ inputs: 12, hidden: [4], classes: 3 }, auto));
  assert.ok(Number(classifier.runtime.chosen?.gpu) > 0, JSON.stringify(classifier.runtime));
});

test('kernels: what auto had chosen is kept without timing; where that GPU is gone the processor takes over', async () => {
  const chosen = { by: 'auto', kernels: 'webgpu', cpu: 2, gpu: 1, batchSize: 256 } as const;
  const kept = await on(() => Autoencoder.create(config, { ...auto, chosen }), { slow: 40 });
  assert.equal([kept.runtime.device, kept.runtime.chosen, kept.runtime.note], ['gpu', chosen, null]);
  const gone = await withGpu(none, () => Autoencoder.create(config, { ...auto, chosen }));
  assert.equal([gone.runtime.device, gone.runtime.chosen], ['cpu', chosen]);
  assert.match(gone.runtime.note ?? '', /no adapter was found/);
  const asked = () => Promise.reject(new Error('a GPU was asked for'));
  const cpu = { ...chosen, kernels: 'cpu' } as const;
  const stays = await withGpu(asked, () => Autoencoder.create(config, { ...auto, chosen: cpu }));
  assert.equal([stays.runtime.device, stays.runtime.chosen], ['cpu', cpu]);
});

test('kernels: a GPU that fails while it is timed is given back, and why is told', async () => {
  const failing = () => ({ ...fakeGpu(), read: () => Promise.reject(new EngineError('the device was lost: again')) });
  const model = await withGpu(failing, () => Autoencoder.create(config, auto));
  assert.is(model.runtime.note, 'auto chose the processor: the device was lost: again');
  assert.is(model.runtime.device, 'cpu');
});

test('kernels: a GPU is given back where the model cannot be made', async () => {
  const full = () => {
    const kernels = fakeGpu();
    return Object.assign(kernels, {
      allocate() {
        throw new EngineError('no room');
      },
    });
  };
  assert.match(String(await errorOf(() => withGpu(full, () => Autoencoder.create(config, webgpu)))), /no room/);
  assert.is(living.size, 0);
});

test.run();
