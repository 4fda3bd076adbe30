import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { rowRange, toFlat } from '../../src/array/matrix.ts';
import type { RowSource } from '../../src/data/stream/row-source.ts';
import { shareSource } from '../../src/data/stream/shared-source.ts';
import { Autoencoder, type AutoencoderConfig, fit, fitAll } from '../../src/index.ts';
import { assertRefused } from '../support/errors.ts';
import { randomView } from '../support/views.ts';

const x = randomView(60, 6, 'rows', 'float32', 3, 0, 1);
const configs: readonly AutoencoderConfig[] = [
  { inputs: 6, hidden: 8, sparsity: { kind: 'top-k', k: 2, annealFrom: 6 }, center: true, unitNorm: true },
  { inputs: 6, hidden: 16, sparsity: { kind: 'batch-top-k', k: 1.5 }, center: true, seed: 4 },
  { inputs: 6, hidden: 4 },
];
const options = { epochs: 3, batchSize: 8, seed: 7 };
const source = (reads: string[] = []): RowSource => ({
  shape: [60, 6],
  async read(begin, end) {
    reads.push(`${begin}–${end}`);
    return rowRange(x, begin, end);
  },
});
const create = () => Promise.all(configs.map((config) => Autoencoder.create(config)));
const bits = async (model: Autoencoder) => [
  ...new Uint8Array(toFlat((await model.parameters())['encoder.weight']).buffer),
];

for (const [name, data] of [
  ['in memory', () => x],
  ['of a source', () => source()],
] as const) {
  test(`each model ends with the bits that fit alone gives it, data ${name}`, async () => {
    const alone = await create();
    const costs = [];
    for (const model of alone) costs.push((await fit(model, data(), options)).cost);
    const together = await create();
    const steps = together.map(() => 0);
    const results = await fitAll(together, data(), { ...options, onProgress: (i) => void steps[i]++ });
    assert.equal(
      results.map(({ cost }) => cost),
      costs,
    );
    for (const [i, model] of together.entries()) assert.equal(await bits(model), await bits(alone[i]));
    assert.equal(steps, [24, 24, 24]);
  });
}

test('a source is read once for all', async () => {
  const [first, second]: string[][] = [[], []];
  const [model] = await create();
  await fit(model, source(first), options);
  await fitAll(await create(), source(second), options);
  assert.equal(second.length, first.length);
});

test('where one fails the others end, and the reason is told; so is an abort', async () => {
  const models = await create();
  const optimizer = { kind: 'sgd', learningRate: 1e30 } as const;
  const rest = { kind: 'sgd', learningRate: 1e-3 } as const;
  const said = await fitAll(models, source(), { ...options, epochs: 50, optimizer: [optimizer, rest, rest] }).then(
    () => 'no error',
    (error: Error) => error.name,
  );
  assert.is(said, 'TrainingError');
  const controller = new AbortController();
  const onProgress = () => controller.abort();
  const aborted = await fitAll(models.slice(0, 2), source(), {
    ...options,
    signal: controller.signal,
    onProgress,
  }).then(
    () => 'no error',
    (error: Error) => error.name,
  );
  assert.is(aborted, 'AbortError');
});

test('models given twice and lists of other lengths are refused', async () => {
  const [model, other] = await create();
  await assertRefused(() => fitAll([], x), /^models is \[\]: it must be a list of models, each once/);
  await assertRefused(() => fitAll([model, model], x), /it must be a list of models, each once/);
  const optimizer = [{ kind: 'sgd', learningRate: 1 }] as const;
  await assertRefused(
    () => fitAll([model, other], x, { optimizer }),
    /^options\.optimizer is a list of 1 for 2 models/,
  );
});

test('a reader that is ahead waits, and one that leaves is not waited for', async () => {
  const reads: string[] = [];
  const [fast, slow] = shareSource(source(reads), 2);
  await fast.source.read(0, 10);
  await fast.source.read(10, 20);
  let third = false;
  const waiting = fast.source.read(20, 30).then(() => {
    third = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.is(third, false);
  await slow.source.read(0, 10);
  await waiting;
  slow.leave();
  for (const begin of [30, 40, 50, 0, 10]) await fast.source.read(begin, begin + 10);
  assert.equal(reads.length, 8);
});

test('epochs are told with the model, and what each had come to is in the error', async () => {
  const told: string[] = [];
  const models = await create();
  await fitAll(models, x, { ...options, epochs: 2, onEpoch: (model, { epoch }) => told.push(`${model}.${epoch}`) });
  assert.equal(told.sort(), models.flatMap((_, i) => [`${i}.1`, `${i}.2`]).sort());
  const cancel = new AbortController();
  const onProgress = (model: number, { step }: { step: number }) => model === 1 && step === 3 && cancel.abort();
  const error = await fitAll(models, x, { ...options, epochs: 50, signal: cancel.signal, onProgress }).then(
    () => assert.unreachable(),
    (reason) => reason,
  );
  const { results } = error as { results: ({ steps: number } | null)[] };
  assert.is(results.length, models.length);
  assert.is(results[1]?.steps, 3);
  assert.ok(results.every((result) => result !== null && result.steps >= 2 && result.steps <= 4));
});

test.run();
