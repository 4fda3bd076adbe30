import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { getMachine } from '../../src/kernels/simd/machine.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { Classifier } from '../../src/model/classifier.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { fit } from '../../src/training/fit.ts';
import { fitClassifier } from '../../src/training/fit-classifier.ts';
import type { FitOptions } from '../../src/training/options.ts';
import { assertRefused } from '../support/errors.ts';
import { uniforms } from '../support/views.ts';

const [m, d] = [300, 150];
const x = matrix(Float32Array.from(uniforms(m * d, 1, 0.1, 0.9)), m, d);
const base = { inputs: d, hidden: 210, seed: 1 } as const;
const models: Record<string, AutoencoderConfig> = {
  kl: { ...base, weightDecay: 1e-3, sparsity: { kind: 'kl', target: 0.1, weight: 1 } },
  'l1 and weight l1': { ...base, activation: 'relu', weightL1: 1e-4, sparsity: { kind: 'l1', weight: 0.01 } },
  'k-sparse': {
    ...base,
    activation: 'linear',
    output: 'linear',
    tied: true,
    sparsity: { kind: 'k-sparse', k: 20 },
  },
  'denoising, cross-entropy, emphasis': {
    ...base,
    loss: 'cross-entropy',
    corruption: { kind: 'masking', fraction: 0.25 },
    emphasis: { corrupted: 1, untouched: 0.5 },
  },
  'deep, contractive': { ...base, hidden: [120, 60], activation: 'tanh', contraction: 0.1 },
};
const optimizers: Record<string, FitOptions> = {
  sgd: { epochs: 2, batchSize: 100, optimizer: { kind: 'sgd', learningRate: 0.01, momentum: 0.9 } },
  adam: { epochs: 2, batchSize: 100, optimizer: { kind: 'adam', learningRate: 1e-3 } },
  lbfgs: { optimizer: { kind: 'lbfgs', iterations: 5 } },
};

test('training gives the same bits on 1, 2 and 3 threads, for every objective and optimizer', async () => {
  for (const [kind, config] of Object.entries(models)) {
    for (const [name, options] of Object.entries(optimizers)) {
      const results = [];
      for (const threads of [1, 2, 3]) {
        getMachine()?.startWorkers(threads);
        const model = await Autoencoder.create(config, { threads });
        assert.is(model.engine.kernels.threads, threads);
        const { cost, terms } = await fit(model, x, options);
        const codes = await model.encode(x);
        results.push({ cost, terms, theta: await model.engine.kernels.copyOut(model.engine.theta), codes: codes.data });
        model.dispose();
      }
      assert.equal(results[1], results[0], `${kind}, ${name}: 2 threads`);
      assert.equal(results[2], results[0], `${kind}, ${name}: 3 threads`);
    }
  }
});

test('classifiers are trained to the same bits on 1, 2 and 3 threads', async () => {
  const labels = Uint32Array.from({ length: m }, (_, i) => i % 7);
  const results = [];
  for (const threads of [1, 2, 3]) {
    const model = await Classifier.create({ inputs: d, hidden: [130], classes: 7, weightDecay: 1e-3 }, { threads });
    await fitClassifier(model, x, labels, { stage: 'all', optimizer: { kind: 'lbfgs', iterations: 5 } });
    results.push(await model.engine.kernels.copyOut(model.engine.theta));
    model.dispose();
  }
  assert.equal(results[1], results[0]);
  assert.equal(results[2], results[0]);
});

test('deterministic models use plain SIMD; others what is fastest', async () => {
  const model = await Autoencoder.create(models.kl, { deterministic: true });
  assert.is(model.engine.kernels.name, 'simd');
  model.dispose();
});

test('threads and deterministic are checked, and unknown options named', async () => {
  for (const [options, message] of [
    [{ threads: 0 }, /^options\.threads is 0: it must be 'auto' or a whole number from 1 to 64/],
    [{ threads: 1.5 }, /^options\.threads is 1\.5/],
    [{ threads: 'many' }, /^options\.threads is "many"/],
    [{ deterministic: 1 }, /^options\.deterministic is 1: it must be true or false/],
    [{ thread: 2 }, /^options\.thread is not a known key: the keys here are threads, deterministic/],
  ] as const) {
    await assertRefused(() => Autoencoder.create(models.kl, options as never), message);
  }
});

test.run();
