import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { Classifier } from '../../src/model/classifier.ts';
import { fit } from '../../src/training/fit.ts';
import { fitClassifier } from '../../src/training/fit-classifier.ts';
import {
  deserializeClassifier,
  deserializeModel,
  serializeClassifier,
  serializeModel,
} from '../../src/training/model-file.ts';
import { partialFit } from '../../src/training/on-demand.ts';
import { assertRefused } from '../support/errors.ts';

const x = fromRows(
  Array.from({ length: 20 }, (_, k) => Array.from({ length: 6 }, (_, i) => 0.5 + 0.4 * Math.sin(k * 3.1 + i * 1.7))),
);
const config = {
  inputs: 6,
  hidden: 5,
  precision: 'float64',
  seed: 4,
  corruption: { kind: 'masking', fraction: 0.5 },
} as const;
/** θ stands still: the cost is that of the corruption alone. */
const still = { optimizer: { kind: 'sgd', learningRate: 0 }, epochs: 1, batchSize: 5 } as const;
const create = () => Autoencoder.create(config);
const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) <= 1e-13 * Math.abs(expected), `${actual} is not ${expected}`);

async function inOneFit(epochs: number): Promise<number[]> {
  const { history } = await fit(await create(), x, { ...still, epochs });
  const costs = history.map(({ cost }) => cost);
  assert.is(new Set(costs).size, epochs, 'each epoch has draws of its own');
  return costs;
}

test('three fits of one epoch draw the corruption of one fit of three', async () => {
  const expected = await inOneFit(3);
  const model = await create();
  for (const [i, cost] of expected.entries()) near((await fit(model, x, { ...still, seed: 100 + i })).cost, cost);
});

test('the epochs of a model are saved with it', async () => {
  const expected = await inOneFit(4);
  let model = await create();
  near((await fit(model, x, { ...still, epochs: 2 })).cost, expected[1]);
  for (const cost of expected.slice(2)) {
    ({ model } = await deserializeModel(await serializeModel(model)));
    near((await fit(model, x, still)).cost, cost);
  }
});

test('an epoch that was aborted counts; a cost that is asked for does not', async () => {
  const expected = await inOneFit(3);
  const model = await create();
  const cancel = new AbortController();
  const aborted = fit(model, x, {
    ...still,
    epochs: 2,
    signal: cancel.signal,
    onProgress: ({ step }) => step === 6 && cancel.abort(),
  });
  await aborted.catch(() => {});
  const before = await model.costAndGradient(x);
  near((await fit(model, x, still)).cost, expected[2]);
  assert.equal(await model.costAndGradient(x), before);
});

test('a run of L-BFGS has one corruption, and the next run the next', async () => {
  const expected = await inOneFit(2);
  const whole = { optimizer: { kind: 'lbfgs', iterations: 3 } } as const;
  const model = await create();
  const start = await model.parameters();
  await fit(model, x, whole);
  model.setParameters(start);
  near((await fit(model, x, still)).cost, expected[1]);
});

test('a run that is resumed goes on with the corruption of its own epochs', async () => {
  const run = { optimizer: { kind: 'adam', learningRate: 0.01 }, epochs: 3, batchSize: 5 } as const;
  const whole = await create();
  await fit(whole, x, still);
  const saved: Uint8Array[] = [];
  await fit(whole, x, { ...run, checkpoint: { every: 5, save: (bytes) => void saved.push(bytes) } });
  const model = await create();
  await fit(model, x, { ...run, resume: saved[0] });
  assert.equal(await serializeModel(model), await serializeModel(whole));
});

test('models without corruption are saved as they always were', async () => {
  const { corruption: _, ...plain } = config;
  const model = await Autoencoder.create(plain);
  await fit(model, x, { ...still, epochs: 3 });
  assert.not.match(new TextDecoder().decode(await serializeModel(model)), '"epochs"');
});

test('partialFit and fit never draw the same corruption', async () => {
  const expected = await inOneFit(3);
  const model = await create();
  const first = await partialFit(model, x, { optimizer: still.optimizer });
  near(first.cost, expected[0]);
  near((await fit(model, x, still)).cost, expected[1]);
  const costs = [first.cost, (await partialFit(model, x, { optimizer: still.optimizer })).cost];
  assert.is.not(costs[0], costs[1]);
  near((await fit(model, x, still)).cost, expected[2]);
});

test('corruption has draws for 2^21 epochs of a model', async () => {
  const model = await create();
  model.engine.epochs = 2 ** 21 - 2;
  await fit(model, x, still);
  await assertRefused(
    () => fit(model, x, { ...still, epochs: 2 }),
    'options.epochs is 2 after 2097151 with corruption, which is drawn anew for at most 2^21 = 2097152 epochs of a model: use fewer',
  );
});

for (const noise of [{ corruption: config.corruption }, { dropout: 0.5 }])
  test(`a classifier's draws of ${Object.keys(noise)[0]} go on over its runs, saved or not, for 2^21 epochs`, async () => {
    const labels = Array.from({ length: 20 }, (_, i) => i % 3);
    const classifierOf = () =>
      Classifier.create({ inputs: 6, hidden: [5, 4], classes: 3, precision: 'float64', seed: 4, ...noise });
    const { history } = await fitClassifier(await classifierOf(), x, labels, { ...still, epochs: 3 });
    assert.is(new Set(history.map(({ cost }) => cost)).size, 3);
    const kept = await classifierOf();
    let saved = await classifierOf();
    for (const { cost } of history) {
      near((await fitClassifier(kept, x, labels, still)).cost, cost);
      ({ classifier: saved } = await deserializeClassifier(await serializeClassifier(saved)));
      near((await fitClassifier(saved, x, labels, still)).cost, cost);
    }
    kept.engine.epochs = 2 ** 21 - 2;
    await fitClassifier(kept, x, labels, { ...still, stage: 'top' });
    await fitClassifier(kept, x, labels, { ...still, epochs: 2, stage: 'softmax' }); // on codes without noise
    await assertRefused(
      () => fitClassifier(kept, x, labels, { ...still, epochs: 2 }),
      `options.epochs is 2 after 2097151 with ${Object.keys(noise)[0]}, which is drawn anew for at most 2^21 = 2097152 epochs of a model: use fewer`,
    );
  });

test.run();
