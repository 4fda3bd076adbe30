import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, toFlat } from '../../src/array/matrix.ts';
import { corrupt } from '../../src/corruption/corrupt.ts';
import { survivorsAt } from '../../src/layers/k-sparse.ts';
import { measure } from '../../src/measures/metrics.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { autoencoderSpec } from '../../src/model/autoencoder-spec.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { firstRows } from '../../src/model/engine.ts';
import { fit } from '../../src/training/fit.ts';
import type { FitOptions } from '../../src/training/options.ts';
import { assertClose } from '../support/close.ts';
import { rowsOf } from '../support/naive-model.ts';
import { naiveNetwork } from '../support/naive-network.ts';
import { randomView } from '../support/views.ts';

// Denoising and k-sparse units in training: `fit` is `train` on an autoencoder.

const [M, D] = [24, 6];
const x = randomView(M, D, 'rows', 'float64', 1, 0.1, 0.9);
const base: AutoencoderConfig = { inputs: D, hidden: 8, precision: 'float64', seed: 4 };
const masking = { kind: 'masking', fraction: 0.5 } as const;
const denoising: AutoencoderConfig = { ...base, corruption: masking };
const kSparse: AutoencoderConfig = { ...base, sparsity: { kind: 'k-sparse', k: 2, annealFrom: 8, annealOver: 0.75 } };
const sgd: FitOptions = { optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 }, epochs: 4, batchSize: 5 };
/** Steps too small to change a parameter, so that costs tell what was seen. */
const still: FitOptions = { ...sgd, optimizer: { kind: 'sgd', learningRate: 1e-300 } };

const theta = async (model: Autoencoder) =>
  Object.values(await model.parameters()).flatMap((view) => [...toFlat(view)]);

async function train(config: AutoencoderConfig, options: FitOptions) {
  const model = await Autoencoder.create(config);
  const result = await fit(model, x, options);
  return { model, theta: await theta(model), costs: result.history.map(({ cost }) => cost), result };
}

/** The cost of a model at its first parameters, on the examples of an epoch, `kept` units surviving. */
async function naiveCost(config: AutoencoderConfig, epoch: number, kept?: number): Promise<number> {
  const model = await Autoencoder.create(config);
  const seen = toFlat(x) as Float64Array;
  if (config.corruption) corrupt(config.corruption, seen, null, seen, firstRows(M), D, { seed: 4, epoch });
  const spec = autoencoderSpec(model.config);
  return naiveNetwork(
    spec,
    await model.parameters(),
    rowsOf(matrix(seen, M, D)),
    rowsOf(x),
    kept ? () => kept : undefined,
  ).cost;
}

test('fit of a denoising model repeats to the bit, and depends on the seed of the model', async () => {
  const once = await train(denoising, sgd);
  const twice = await train(denoising, sgd);
  assert.equal(once.theta, twice.theta);
  assert.equal(once.costs, twice.costs);
  assert.not.equal((await train({ ...denoising, corruption: null }, sgd)).theta, once.theta);
});

test('fit shows an example its corruption of the epoch, whatever the batch and the order', async () => {
  const expected = await Promise.all([0, 1, 2, 3].map((epoch) => naiveCost(denoising, epoch)));
  assert.is(new Set(expected).size, 4);
  for (const batchSize of [1, 5, 24]) {
    for (const seed of [4, 77]) {
      const { costs } = await train(denoising, { ...still, batchSize, seed });
      assertClose(costs, expected, { rtol: 1e-13 });
    }
  }
});

test('fit with L-BFGS sees one corruption only, that of the first epoch', async () => {
  const { model, costs } = await train(denoising, { optimizer: { kind: 'lbfgs', iterations: 15 } });
  for (let i = 1; i < costs.length; i++) assert.ok(costs[i] <= costs[i - 1] * (1 + 1e-12));
  assertClose([(await model.costAndGradient(x)).cost], [costs[costs.length - 1]], { rtol: 1e-12 });
});

test('encode, decode and reconstruct of a denoising model never corrupt, nor do validation and metrics', async () => {
  const { model, result } = await train(
    { ...denoising, emphasis: { corrupted: 1, untouched: 0.1 } },
    {
      ...sgd,
      validation: x,
    },
  );
  const clean = await Autoencoder.create(base);
  clean.setParameters(await model.parameters());
  const codes = await clean.encode(x);
  const exact = { rtol: 0, atol: 0 };
  assertClose(await model.encode(x), codes, exact);
  assertClose(await model.decode(codes), await clean.decode(codes), exact);
  assertClose(await model.reconstruct(x), await clean.reconstruct(x), exact);
  const error = (await clean.costAndGradient(x)).cost;
  assertClose([result.history[3].validation ?? Number.NaN], [error]);
  assertClose([(await measure(model, x)).reconstructionError], [error]);
});

test('fit of a denoising model lowers the cost of corrupted examples it has not seen', async () => {
  const adam = { kind: 'adam', learningRate: 0.02 } as const;
  const { model } = await train(
    { ...denoising, corruption: { kind: 'gaussian', deviation: 0.2 } },
    {
      optimizer: adam,
      epochs: 60,
      batchSize: 8,
    },
  );
  const other = { ...denoising, seed: 5, corruption: { kind: 'gaussian', deviation: 0.2 } } as const;
  const fresh = await Autoencoder.create(other);
  const before = (await fresh.costAndGradient(x)).cost;
  fresh.setParameters(await model.parameters());
  assert.ok((await fresh.costAndGradient(x)).cost < 0.8 * before);
});

test('fit anneals the survivors of k-sparse units as survivorsAt says: 8, 6, 4, 2 over the first epochs', async () => {
  const spec = { kind: 'k-sparse', k: 2, annealFrom: 8, annealOver: 0.75 } as const;
  assert.equal(
    [0, 1, 2, 3].map((epoch) => survivorsAt(spec, 8, epoch, 4)),
    [8, 6, 4, 2],
  );
  const expected = await Promise.all([8, 6, 4, 2].map((kept, epoch) => naiveCost(kSparse, epoch, kept)));
  for (const batchSize of [1, 5, 24]) {
    assertClose((await train(kSparse, { ...still, batchSize })).costs, expected, { rtol: 1e-13 });
  }
});

test('fit of k-sparse units leaves k survivors in costAndGradient and αk in encode, in the midst of annealing too', async () => {
  const model = await Autoencoder.create({ ...kSparse, sparsity: { kind: 'k-sparse', k: 2, alpha: 2, annealFrom: 8 } });
  const seen: number[][] = [];
  const pending: Promise<unknown>[] = [];
  const onProgress = () => {
    pending.push(
      model.encode(x).then((codes) => seen.push(rowsOf(codes).map((row) => row.filter((a) => a !== 0).length))),
    );
  };
  await fit(model, x, { ...sgd, onProgress });
  await Promise.all(pending);
  assert.is(seen.length, 20);
  assert.equal([...new Set(seen.flat())], [4]);
  const spec = autoencoderSpec(model.config);
  const naive = naiveNetwork(spec, await model.parameters(), rowsOf(x), rowsOf(x));
  assertClose([(await model.costAndGradient(x)).cost], [naive.cost], { rtol: 1e-12 });
});

test('fit with L-BFGS keeps k from the start', async () => {
  const lbfgs = { optimizer: { kind: 'lbfgs', iterations: 10 } } as const;
  const annealed = await train(kSparse, lbfgs);
  const { theta: plain } = await train({ ...kSparse, sparsity: { kind: 'k-sparse', k: 2, annealOver: 0 } }, lbfgs);
  assert.equal(annealed.theta, plain);
});

test('fit lowers the cost of k-sparse units, in both precisions', async () => {
  for (const precision of ['float32', 'float64'] as const) {
    const model = await Autoencoder.create({ ...kSparse, precision });
    const before = (await model.costAndGradient(x)).cost;
    await fit(model, x, { optimizer: { kind: 'adam', learningRate: 0.02 }, epochs: 40, batchSize: 8 });
    const after = (await model.costAndGradient(x)).cost;
    assert.ok(after < 0.5 * before, `${before} → ${after}`);
  }
});

test.run();
