import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toFlat } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { fit } from '../../src/training/fit.ts';
import type { FitResult } from '../../src/training/history.ts';
import type { FitOptions } from '../../src/training/options.ts';
import type { Progress } from '../../src/training/progress.ts';
import { assertClose } from '../support/close.ts';
import { randomView } from '../support/views.ts';

const config: AutoencoderConfig = {
  inputs: 6,
  hidden: 4,
  weightDecay: 1e-3,
  sparsity: { kind: 'kl', target: 0.1, weight: 0.1 },
  precision: 'float64',
};
const x = randomView(50, 6, 'rows', 'float64', 1, 0, 1);
const adam = { kind: 'adam', learningRate: 0.01 } as const;
const lbfgs = { kind: 'lbfgs', iterations: 20 } as const;
const optimizers: FitOptions[] = [
  { optimizer: lbfgs },
  { optimizer: adam, epochs: 20, batchSize: 8 },
  { optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true }, epochs: 20, batchSize: 8 },
];

const theta = async (model: Autoencoder) =>
  Object.values(await model.parameters()).flatMap((view) => [...toFlat(view)]);

/** Trains a new model; also returns its parameters and what `onProgress` was told. */
async function train(options: FitOptions, more: Partial<AutoencoderConfig> = {}) {
  const model = await Autoencoder.create({ ...config, ...more });
  const told: Progress[] = [];
  const result = await fit(model, x, { ...options, onProgress: (progress) => told.push(progress) });
  return { model, result, told, theta: await theta(model) };
}

const untimed = ({ seconds: _, ...rest }: FitResult) => rest;

test('fit lowers the cost with each optimizer, in both precisions', async () => {
  for (const options of optimizers) {
    for (const precision of ['float32', 'float64'] as const) {
      const model = await Autoencoder.create({ ...config, precision });
      const before = (await model.costAndGradient(x)).cost;
      const result = await fit(model, x, options);
      const after = (await model.costAndGradient(x)).cost;
      assert.ok(after < 0.8 * before, `${options.optimizer?.kind}: ${before} → ${after}`);
      assert.ok(result.seconds > 0 && Number.isFinite(result.cost));
    }
  }
});

test('fit with the same seed gives identical bits, with another seed others', async () => {
  for (const options of optimizers) {
    const once = await train({ ...options, seed: 5 });
    const twice = await train({ ...options, seed: 5 });
    assert.equal(once.theta, twice.theta);
    assert.equal(untimed(once.result), untimed(twice.result));
    const other = await train({ ...options, seed: 6 });
    if (options.batchSize === undefined)
      assert.equal(other.theta, once.theta); // the whole set has no order
    else assert.not.equal(other.theta, once.theta);
  }
});

test('fit takes the seed of the model unless told', async () => {
  const options = { optimizer: adam, epochs: 2, batchSize: 8 };
  assert.equal((await train(options, { seed: 9 })).theta, (await train({ ...options, seed: 9 }, { seed: 9 })).theta);
});

test('fit reads examples of any layout alike', async () => {
  const strided = randomView(50, 6, 'strided', 'float64', 1, 0, 1);
  const model = await Autoencoder.create(config);
  const same = await Autoencoder.create(config);
  await fit(model, x, optimizers[1]);
  await fit(same, strided, optimizers[1]);
  assert.equal(await theta(same), await theta(model));
});

test('fit reports an entry an epoch: steps, epochs and the mean over the examples of the epoch', async () => {
  const { result, told } = await train({ optimizer: adam, epochs: 3, batchSize: 20 });
  assert.equal([result.steps, result.epochs, result.converged], [9, 3, null]);
  assert.equal(
    result.history.map(({ epoch, step }) => [epoch, step]),
    [
      [1, 3],
      [2, 6],
      [3, 9],
    ],
  );
  // Batches of 20, 20 and 10.
  for (const [i, entry] of result.history.entries()) {
    const [a, b, c] = told.slice(3 * i, 3 * i + 3);
    assertClose([entry.cost], [(20 * a.cost + 20 * b.cost + 10 * c.cost) / 50]);
    const { reconstruction, weightDecay, sparsity } = entry.terms;
    assertClose([reconstruction + weightDecay + sparsity], [entry.cost]);
    assert.not('validation' in entry);
  }
  assert.equal([result.cost, result.terms], [result.history[2].cost, result.history[2].terms]);
});

test('fit tells onProgress everything, after every step', async () => {
  const { told } = await train({ optimizer: adam, epochs: 2, batchSize: 20 });
  assert.equal(
    told.map(({ epoch, epochs, step, steps }) => [epoch, epochs, step, steps]),
    [1, 2, 3, 4, 5, 6].map((step) => [step < 4 ? 1 : 2, 2, step, 6]),
  );
  for (const p of told) {
    assertClose([p.terms.reconstruction + p.terms.weightDecay + p.terms.sparsity], [p.cost]);
    assert.ok(p.gradientNorm > 0 && p.meanActivation > 0 && p.meanActivation < 1);
    assert.ok(p.examplesPerSecond > 0 && p.secondsLeft >= 0);
  }
  assert.is(told[5].secondsLeft, 0);
});

test('fit tells cost, gradient norm and mean activation of θ before the update with Adam, after it with L-BFGS', async () => {
  for (const activation of ['sigmoid', 'tanh'] as const) {
    for (const optimizer of [adam, { ...lbfgs, iterations: 1 }]) {
      const model = await Autoencoder.create({ ...config, activation });
      const whole = optimizer.kind === 'adam' ? { optimizer, epochs: 1, batchSize: 50 } : { optimizer };
      const expected = async () => {
        const { cost, gradient } = await model.costAndGradient(x);
        const norm = Math.hypot(...Object.values(gradient).flatMap((view) => [...toFlat(view)]));
        const codes = [...(await model.encode(x)).data];
        const mean = codes.reduce((sum, a) => sum + (activation === 'tanh' ? (a + 1) / 2 : a), 0) / codes.length;
        return [cost, norm, mean];
      };
      const before = await expected();
      const told: number[][] = [];
      const onProgress = (p: Progress) => told.push([p.cost, p.gradientNorm, p.meanActivation]);
      await fit(model, x, { ...whole, onProgress });
      assertClose(told[0], optimizer.kind === 'adam' ? before : await expected(), { rtol: 1e-10 });
    }
  }
});

test('fit reports the reconstruction error of the validation set after every epoch', async () => {
  const validation = randomView(9, 6, 'transposed', 'float64', 2, 0, 1);
  const { model, result } = await train({ optimizer: adam, epochs: 3, batchSize: 20, validation });
  assert.ok(result.history.every((entry) => Number.isFinite(entry.validation)));
  const { terms } = await model.costAndGradient(validation);
  assertClose([result.history[2].validation ?? Number.NaN], [terms.reconstruction]);
  const without = await train({ optimizer: adam, epochs: 3, batchSize: 20 });
  assert.equal(await theta(model), without.theta); // looking changes nothing
});

test('fit with L-BFGS makes an entry an iteration, with costs that never rise', async () => {
  const { result, told } = await train({ optimizer: lbfgs });
  assert.equal([result.steps, result.epochs, result.history.length, told.length], [20, 20, 20, 20]);
  for (let i = 1; i < 20; i++) assert.ok(result.history[i].cost <= result.history[i - 1].cost * (1 + 1e-12));
});

test('fit with L-BFGS ends early where nothing is left to gain, and says why', async () => {
  const quick = { kind: 'lbfgs', iterations: 5000, tolerance: 1e-4 } as const;
  const { result } = await train({ optimizer: quick });
  assert.is(result.converged, 'the gradient is 0 to within the tolerance');
  assert.ok(result.steps < 5000 && result.history.length === result.steps);
});

test('fit uses ten epochs of Adam unless told, and one batch where batchSize exceeds the set', async () => {
  const { result } = await train({});
  assert.equal([result.epochs, result.steps], [10, 10]);
  assert.equal((await train({ epochs: 3, batchSize: 1000 })).result.steps, 3);
  assert.equal((await train({ epochs: 1, batchSize: 1 })).result.steps, 50);
});

test.run();
