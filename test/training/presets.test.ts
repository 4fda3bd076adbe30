import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { SparsityConfig } from '../../src/model/config.ts';
import { fit } from '../../src/training/fit.ts';
import { models, presets } from '../../src/training/presets.ts';
import { parseRun, type Run } from '../../src/training/run.ts';
import { randomView } from '../support/views.ts';

const x = randomView(20, 9, 'rows', 'float32', 1, 0.1, 0.9);

/** The set-up in small: the same objective and optimizer on few inputs, units and steps. */
async function small({ model, fit: options }: Pick<Run, 'model' | 'fit'>): Promise<[number, number]> {
  const { hidden } = model;
  const sparsity = model.sparsity as SparsityConfig | undefined;
  const own = await Autoencoder.create({
    ...model,
    inputs: 9,
    hidden: typeof hidden === 'number' ? 6 : hidden.map((_, i) => 6 - i),
    ...(sparsity?.kind === 'k-sparse' ? { sparsity: { ...sparsity, k: 2 } } : {}),
  });
  const { optimizer, ...rest } = options;
  const short = optimizer?.kind === 'lbfgs' ? { optimizer: { ...optimizer, iterations: 12 } } : { optimizer, ...rest };
  const before = (await own.costAndGradient(x)).cost;
  await fit(own, x, short);
  return [before, (await own.costAndGradient(x)).cost];
}

for (const [name, start] of [...Object.entries(models), ...Object.entries(presets)]) {
  test(`models and presets: ${name} lowers its own cost, in small`, async () => {
    const [before, after] = await small(start);
    assert.ok(after < before, `${before} → ${after}`);
  });
}

test('presets are whole runs as JSON, which parseRun takes without changing them', () => {
  for (const [name, preset] of Object.entries(presets)) {
    const json = JSON.parse(JSON.stringify(preset));
    assert.equal(json, preset, name);
    assert.equal(parseRun(json), preset, name);
  }
  for (const [name, model] of Object.entries(models)) {
    const run = { source: 'x.csv', data: {}, ...model };
    assert.equal(parseRun(JSON.parse(JSON.stringify(run))), run, name);
  }
});

test('presets hold the published set-ups of denoising, contractive, k-sparse and deep autoencoders', () => {
  const { denoising, contractive, 'k-sparse': kSparse, 'deep-autoencoder': deep, stacked } = presets;
  assert.equal([denoising.model.hidden, denoising.model.tied, denoising.model.loss], [500, true, 'cross-entropy']);
  assert.equal(denoising.model.corruption, { kind: 'masking', fraction: 0.3, exact: false });
  assert.equal([denoising.fit.optimizer, denoising.fit.epochs], [{ kind: 'sgd', learningRate: 0.1 }, 15]);
  assert.is(denoising.fit.batchSize, 20);
  assert.equal([contractive.model.hidden, contractive.model.tied, contractive.model.contraction], [1000, true, 0.1]);
  assert.is(kSparse.model.hidden, 1000);
  assert.equal(kSparse.model.sparsity, { kind: 'k-sparse', k: 25, alpha: 3 });
  assert.equal([deep.model.hidden, deep.model.activation?.at(-1)], [[1000, 500, 250, 30], 'linear']);
  assert.equal(stacked.model.hidden, [200, 200]);
  assert.equal(presets['self-taught'].data.classes, [5, 6, 7, 8, 9]);
});

test.run();
