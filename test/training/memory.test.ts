import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { fit } from '../../src/training/fit.ts';
import type { FitOptions } from '../../src/training/options.ts';
import { overNumbers, uniforms } from '../support/views.ts';

const x = matrix(Float32Array.from(uniforms(60 * 20, 1, 0.1, 0.9)), 60, 20);
const base = { inputs: 20, hidden: 12, seed: 1 } as const;
const models: Record<string, AutoencoderConfig> = {
  kl: { ...base, weightDecay: 1e-3, sparsity: { kind: 'kl', target: 0.1, weight: 1 } },
  'k-sparse, annealed': {
    ...base,
    activation: 'linear',
    output: 'linear',
    tied: true,
    sparsity: { kind: 'k-sparse', k: 3, annealFrom: 12 },
  },
  'top-k, annealed': { ...base, sparsity: { kind: 'top-k', k: 3, annealFrom: 11 } },
  denoising: { ...base, corruption: { kind: 'masking', fraction: 0.25 }, emphasis: { corrupted: 1, untouched: 0.5 } },
  'deep, contractive': { ...base, hidden: [12, 6], contraction: 0.1 },
};
const optimizers: Record<string, FitOptions['optimizer']> = {
  sgd: { kind: 'sgd', learningRate: 0.05, momentum: 0.9 },
  adam: { kind: 'adam', learningRate: 1e-3 },
  lbfgs: { kind: 'lbfgs', iterations: 30 },
};

/** The size of the memory that all float32 models share. */
function heapBytes(model: Autoencoder): number {
  return overNumbers(model.engine.theta).data.buffer.byteLength;
}

for (const [kind, config] of Object.entries(models)) {
  for (const [name, optimizer] of Object.entries(optimizers)) {
    test(`no step but the first allocates anything: ${kind}, ${name}`, async () => {
      const model = await Autoencoder.create(config, { threads: 1 });
      const before = model.memory();
      assert.equal(
        [before.parameters, before.total],
        [4 * model.engine.layout.length, before.parameters + before.working],
      );
      const held: number[] = [];
      await fit(model, x, {
        optimizer,
        ...(name === 'lbfgs' ? {} : { epochs: 4, batchSize: 20 }),
        onProgress: () => held.push(model.memory().total),
      });
      assert.ok(held.length >= 10);
      assert.ok(held[0] > before.total);
      assert.equal(
        held.filter((bytes) => bytes !== held[0]),
        [],
      );
      assert.equal(model.memory(), before, 'fit did not give back what it took');
      model.dispose();
    });
  }
}

test('memory tells what a model holds: θ, and what the calls so far have needed', async () => {
  const model = await Autoencoder.create(models.kl, { threads: 1 });
  const parameters = 4 * (2 * 20 * 12 + 20 + 12);
  assert.equal(model.memory(), { parameters, working: 0, total: parameters });
  await model.costAndGradient(x);
  const batch = 4 * 60 * (20 + 2 * 12 + 2 * 20); // x, then a and δ of both layers
  const rows = 4 * (12 + 12); // ρ̂ and the push of KL
  assert.is(model.memory().working, parameters + rows + batch); // a network with a gradient of its own
  model.dispose();
});

test('a thousand rounds of create, train and dispose do not grow the memory', async () => {
  const round = async () => {
    const model = await Autoencoder.create(models.kl, { threads: 1 });
    await fit(model, x, { epochs: 1, batchSize: 30, optimizer: optimizers.adam });
    const bytes = heapBytes(model);
    model.dispose();
    return bytes;
  };
  await round();
  const before = await round();
  for (let i = 0; i < 1000; i++) await round();
  assert.is(await round(), before);
});

test('dispose during fit ends it with an error at its next step, and nobody computes on what was given back', async () => {
  const model = await Autoencoder.create(models.kl);
  let failed: unknown = null;
  await fit(model, x, {
    epochs: 50,
    batchSize: 10,
    optimizer: optimizers.sgd,
    onProgress: ({ step }) => step === 7 && model.dispose(),
  }).catch((error: unknown) => {
    failed = error;
  });
  assert.match(String(failed), /disposed during the call/);
});

test.run();
