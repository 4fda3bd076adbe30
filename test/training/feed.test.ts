import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyNumbers, matrix, toFlat, type View } from '../../src/array/matrix.ts';
import { numberAt } from '../../src/array/numbers.ts';
import type { RowSource } from '../../src/data/stream/row-source.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { fit } from '../../src/training/fit.ts';
import { type FitOptions, planFit } from '../../src/training/options.ts';
import { train } from '../../src/training/train.ts';
import { assertRefused, errorOf } from '../support/errors.ts';
import { CountingSource } from '../support/sources.ts';
import { BLOCK, base, D, M, models, optimizers, types, x } from './feed-runs.ts';

const theta = async (model: Autoencoder) =>
  Object.values(await model.parameters()).flatMap((view) => [...toFlat(view)]);

async function run(config: AutoencoderConfig, data: View<AnyNumbers> | RowSource, options: FitOptions, block = BLOCK) {
  const model = await Autoencoder.create(config);
  const { history, cost } = await train(model.engine, { identity: {}, x: data, plan: planFit(options, M, 4), block });
  return { theta: await theta(model), history, cost };
}

test('training from blocks gives the bits of training from memory', async () => {
  for (const [name, config] of Object.entries(models)) {
    for (const optimizer of optimizers) {
      for (const data of Object.values(types)) {
        for (const batchSize of [7, 20]) {
          const options = { optimizer, epochs: 3, batchSize };
          const expected = await run(config, data, options);
          const source = new CountingSource(data);
          assert.equal(await run(config, source, options), expected, `${name}, batches of ${batchSize}`);
          assert.ok(source.mostHeld <= 2, `${source.mostHeld} blocks were held`);
        }
      }
    }
  }
});

test('blocks change the order, and one block is the order without them', async () => {
  const options: FitOptions = { optimizer: optimizers[0], epochs: 2, batchSize: 7 };
  const model = await Autoencoder.create(models.kl);
  const { cost } = await fit(model, x, { ...options, seed: 4 });
  assert.is((await run(models.kl, x, options, M)).cost, cost);
  assert.is.not((await run(models.kl, x, options, BLOCK)).cost, cost);
  assert.is((await run(models.kl, new CountingSource(x), options, M)).cost, cost);
});

test('every block is read once an epoch, and one block once in all', async () => {
  const source = new CountingSource(x);
  const options: FitOptions = { optimizer: optimizers[0], epochs: 3, batchSize: 7 };
  await run(models.kl, source, options);
  const blocks = Math.ceil(M / BLOCK);
  // Where an epoch begins with the block that the one before ended with, it stays.
  assert.ok(source.reads.length <= 3 * blocks && source.reads.length > 3 * blocks - 3, `${source.reads.length}`);
  for (let b = 0; b < blocks; b++) {
    assert.ok(source.reads.some(([begin, end]) => begin === b * BLOCK && end === Math.min(M, begin + BLOCK)));
  }
  const whole = new CountingSource(x);
  await run(models.kl, whole, options, M);
  assert.equal(whole.reads, [[0, M]]);
});

test('the next block is read while steps run, and only that one', async () => {
  let release = () => {};
  const source = new CountingSource(x, () => new Promise((resolve) => (release = resolve)));
  const model = await Autoencoder.create(base);
  const seen: { step: number; reading: number }[] = [];
  const plan = planFit({ optimizer: optimizers[0], epochs: 2, batchSize: 4 }, M, 4);
  const timer = setInterval(() => release(), 5);
  try {
    const onProgress = ({ step }: { step: number }) => seen.push({ step, reading: source.reading });
    await train(model.engine, { identity: {}, x: source, plan, block: BLOCK, onProgress });
  } finally {
    clearInterval(timer);
  }
  assert.is(Math.max(...seen.map(({ reading }) => reading)), 1);
  assert.ok(seen.filter(({ reading }) => reading === 1).length >= seen.length / 3);
  assert.is(source.reading, 0);
  assert.is(source.mostHeld, 2);
});

test('a block that cannot be read, or is of another shape, ends the run; the model stays usable', async () => {
  const options: FitOptions = { optimizer: optimizers[0], epochs: 2, batchSize: 4 };
  const failing = new CountingSource(x, async () => {
    if (failing.reads.length === 3) throw new Error('the disk is gone');
  });
  const model = await Autoencoder.create(base);
  const plan = planFit(options, M, 4);
  const error = await errorOf(() => train(model.engine, { identity: {}, x: failing, plan, block: BLOCK }));
  assert.match(String(error), /the disk is gone/);
  const short: RowSource = { shape: [M, D], read: (begin, end) => new CountingSource(x).read(begin, end - 1) };
  await assertRefused(
    () => fit(model, short, options),
    /the source gave \(52, 6\) for rows 0 to 52: it must be \(53, 6\)/,
  );
  await fit(model, new CountingSource(x), options);
});

test('an abort ends the run and the read under way', async () => {
  const source = new CountingSource(x, () => new Promise((resolve) => setTimeout(resolve, 20)));
  const model = await Autoencoder.create(base);
  const controller = new AbortController();
  const onProgress = ({ step }: { step: number }) => step === 3 && controller.abort(new Error('enough'));
  const plan = planFit({ optimizer: optimizers[0], batchSize: 2 }, M, 4);
  const { signal } = controller;
  assert.match(
    String(
      await errorOf(() => train(model.engine, { identity: {}, x: source, plan, block: BLOCK, onProgress, signal })),
    ),
    /enough/,
  );
  assert.is(source.reading, 0);
});

test('fit names the row of a value that is not allowed, wherever its block lies', async () => {
  const bad = x.data.slice();
  bad[40 * D + 2] = Number.NaN;
  const model = await Autoencoder.create(base);
  await assertRefused(
    () => fit(model, new CountingSource(matrix(bad, M, D))),
    'x is NaN in row 40 of the test, column 2: every value must be a finite float32 number; repair or drop that example',
  );
  bad[40 * D + 2] = 1.5;
  const entropy = await Autoencoder.create({ ...base, loss: 'cross-entropy' });
  await assertRefused(() => fit(entropy, new CountingSource(matrix(bad, M, D))), /1.5 in row 40 of the test.*\[0, 1\]/);
});

test('every block is checked as it arrives, by the row that it begins with', async () => {
  const source = new CountingSource(x);
  const model = await Autoencoder.create(base);
  const checked: (readonly [begin: number, end: number])[] = [];
  const check = (block: View<AnyNumbers>, rowOf: (row: number) => number) => {
    const begin = rowOf(0);
    assert.is(numberAt(block.data, 0), x.data[begin * D]);
    checked.push([begin, begin + block.shape[0]]);
  };
  await train(model.engine, {
    identity: {},
    x: source,
    plan: planFit({ optimizer: optimizers[0], epochs: 2 }, M, 4),
    block: BLOCK,
    check,
  });
  assert.equal(checked, source.reads);
});

test('fit refuses sources of other shapes, and L-BFGS on more than one block', async () => {
  const model = await Autoencoder.create(base);
  const read = () => Promise.reject(new Error('read'));
  await assertRefused(() => fit(model, { shape: [10, 7], read }), /x has shape \(10, 7\): it must be \(m, 6\)/);
  await assertRefused(() => fit(model, { shape: [0, 6], read }), /x has shape \(0, 6\)/);
  const optimizer = { kind: 'lbfgs', iterations: 3 } as const;
  await assertRefused(
    () => fit(model, { shape: [20_000_000, 6], read }, { optimizer }),
    /options.optimizer is lbfgs, which needs all examples at once, and x has 20000000 of 6 numbers.*adam or sgd/,
  );
  const twin = await Autoencoder.create(base);
  assert.is((await fit(model, new CountingSource(x), { optimizer })).cost, (await fit(twin, x, { optimizer })).cost);
});

test('fit of more than 2^26 numbers: the same bits from memory and from a source', async () => {
  const [rows, columns] = [1100, 2 ** 16];
  const data = new Uint8Array(rows * columns);
  for (let i = 0, state = 1; i < data.length; i += 7) {
    state = (state * 48271) % 2147483647;
    data[i] = state;
  }
  const bytes = Object.assign(matrix(data, rows, columns), { unit: 255 });
  const source = new CountingSource(bytes);
  const costs: number[] = [];
  for (const examples of [bytes, source]) {
    const model = await Autoencoder.create({ inputs: columns, hidden: 1, seed: 1 });
    costs.push((await fit(model, examples, { optimizer: optimizers[0], epochs: 1, batchSize: 300 })).cost);
    model.dispose();
  }
  assert.is(costs[0], costs[1]);
  assert.is(source.reads.length, 5);
  assert.is(source.mostHeld, 2);
});

test.run();
