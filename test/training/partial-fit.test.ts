import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, type Matrix, matrix, rowRange } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { fit } from '../../src/training/fit.ts';
import { serializeModel } from '../../src/training/model-file.ts';
import { partialFit } from '../../src/training/on-demand.ts';
import type { Progress } from '../../src/training/progress.ts';
import type { StreamResult } from '../../src/training/stream-options.ts';
import { assertRefused, errorOf } from '../support/errors.ts';

const rows = Array.from({ length: 24 }, (_, k) => Array.from({ length: 4 }, (_, i) => Math.sin(k * 3.1 + i * 1.7)));
const x = fromRows(rows, 'float32');
const config = { inputs: 4, hidden: 6, output: 'linear', precision: 'float64', seed: 4 } as const;
const optimizer = { kind: 'adam', learningRate: 0.01 } as const;
const create = (more: object = {}) => Autoencoder.create({ ...config, ...more });
const parts = (size: number): Matrix[] =>
  Array.from({ length: 24 / size }, (_, i) => rowRange(x as Matrix, i * size, (i + 1) * size));

/** Examples in the order that the stream gave them: one epoch of `fit`, whose order is the seed's, is no oracle; whole batches are. */
async function steps(model: Autoencoder, batches: readonly Matrix[]): Promise<void> {
  for (const batch of batches) await partialFit(model, batch, { optimizer });
}

test('a step of partialFit is a step of fit, and the optimizer goes on', async () => {
  const [there, here] = [await create(), await create()];
  await fit(there, x, { optimizer, epochs: 3, batchSize: 24 });
  await steps(here, [x, x, x] as Matrix[]);
  const [a, b] = [await there.parameters(), await here.parameters()];
  for (const name of Object.keys(a)) {
    const far = a[name].data.map((v, i) => Math.abs(v - b[name].data[i])) as Float64Array;
    assert.ok(Math.max(...far) < 1e-12, name); // the order of examples differs within the batch
  }
});

test('batches one by one, from lists, generators and streams give the same bits', async () => {
  const batches = parts(6);
  const expected = await create();
  await steps(expected, batches);
  async function* later() {
    for (const batch of batches) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      yield batch;
    }
  }
  const stream = () => new ReadableStream({ start: (c) => void [...batches.map((b) => c.enqueue(b)), c.close()] });
  const reader = () => ({ getReader: () => stream().getReader() });
  const asRows = batches.map((batch) => Array.from({ length: 6 }, (_, k) => [0, 1, 2, 3].map((i) => batch.get(k, i))));
  const flat = batches.map((batch, i) => ({ data: x.data.slice(24 * i, 24 * i + 24), shape: batch.shape }));
  for (const given of [batches, batches[Symbol.iterator](), later(), stream(), reader(), asRows, flat]) {
    const model = await create();
    const result = await partialFit(model, given as never, { optimizer });
    assert.equal([result.steps, result.examples], [4, 24]);
    assert.equal(await serializeModel(model), await serializeModel(expected));
  }
  const one = await create();
  await partialFit(one, asRows[0], { optimizer });
  const two = await create();
  await partialFit(two, batches[0], { optimizer });
  assert.equal(await one.parameters(), await two.parameters());
});

test('it counts steps over calls, and tells the mean cost of each call', async () => {
  const model = await create();
  const told: Progress[] = [];
  const options = { optimizer, onProgress: (p: Progress) => told.push(p) };
  const first = await partialFit(model, parts(6), options);
  const costs = told.map(({ cost }) => cost);
  assert.ok(Math.abs(first.cost - costs.reduce((sum, cost) => sum + cost) / 4) < 1e-12);
  assert.is(
    Object.values(first.terms).reduce((sum, term) => sum + term),
    first.cost,
  );
  const second = await partialFit(model, parts(12), options);
  assert.equal([second.steps, second.examples], [6, 24]);
  assert.equal(
    told.map(({ step }) => step),
    [1, 2, 3, 4, 5, 6],
  );
  assert.equal([told[0].steps, told[0].secondsLeft], [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
});

test('other options begin anew; schedules run over `steps`', async () => {
  const model = await create();
  await partialFit(model, parts(6), { optimizer });
  assert.is((await partialFit(model, parts(12), { optimizer: { kind: 'sgd', learningRate: 0.1 } })).steps, 2);
  const rate = { kind: 'linear', from: 0.1, to: 0 } as const;
  const ended = await create();
  await partialFit(ended, parts(6), { optimizer: { kind: 'sgd', learningRate: rate }, steps: 4 });
  const before = await ended.parameters();
  await partialFit(ended, parts(6), { optimizer: { kind: 'sgd', learningRate: rate }, steps: 4 });
  assert.equal(await ended.parameters(), before); // the rate stays at its end, 0
});

test('aborted, also while a stream waits, it rejects with the reason and what it came to; the model goes on', async () => {
  const model = await create();
  const cancel = new AbortController();
  let closed = false;
  async function* endless() {
    try {
      yield* parts(6);
      await new Promise(() => {});
    } finally {
      closed = true;
    }
  }
  setTimeout(() => cancel.abort(), 50);
  const error = await errorOf(() => partialFit(model, endless(), { optimizer, signal: cancel.signal }));
  assert.is(error, cancel.signal.reason);
  assert.equal((error as { result?: StreamResult }).result?.steps, 4);
  assert.is(closed, false); // it waits for what never comes
  assert.is((await partialFit(model, parts(6)[0], { optimizer })).steps, 5);
  let left = false;
  function* leaving() {
    try {
      for (;;) yield parts(6)[0];
    } finally {
      left = true;
    }
  }
  const enough = new AbortController();
  const onProgress = ({ step }: Progress) => step === 7 && enough.abort('enough');
  assert.is(
    await errorOf(() => partialFit(model, leaving(), { optimizer, onProgress, signal: enough.signal })),
    'enough',
  );
  assert.is(left, true);
});

test('rules, centring, targets and warm-up are those of fit', async () => {
  const dictionary = { center: true, unitNorm: true, sparsity: { kind: 'top-k', k: 2 }, output: 'linear', tied: false };
  const [there, here] = [await create(dictionary), await create(dictionary)];
  const run = { optimizer, rules: [{ kind: 'clip-norm', most: 0.1 }], penaltyWarmup: 2 } as const;
  await fit(there, x, { ...run, epochs: 1, batchSize: 24 });
  await partialFit(here, x, run);
  const [a, b] = [await there.parameters(), await here.parameters()];
  for (const name of Object.keys(a)) {
    assert.ok(
      a[name].data.every((v, i) => Math.abs(v - b[name].data[i]) < 1e-9),
      name,
    );
  }
  const coder = await Autoencoder.create({ ...config, targets: 2 });
  const target = matrix(new Float64Array(48).fill(0.5), 24, 2);
  const first = await partialFit(coder, { x, target }, { optimizer });
  const second = await partialFit(coder, [{ x, target }], { optimizer });
  assert.ok(second.cost < first.cost);
  await assertRefused(() => partialFit(coder, x), /^the batch's target is missing/);
});

test('float32 models with batches of many sizes hold no more than the largest needs', async () => {
  const model = await create({ precision: 'float32' });
  for (const size of [12, 3, 12, 4, 6]) await partialFit(model, parts(size), { optimizer });
  const held = model.memory().total;
  for (let i = 0; i < 50; i++) await partialFit(model, parts(6), { optimizer });
  assert.is(model.memory().total, held);
  model.dispose();
});

test('what is no batch, no stream, or no option of partialFit is refused, and changes nothing', async () => {
  const model = await create();
  const before = await model.parameters();
  await assertRefused(() => partialFit(model, [] as never, { optimizer }), /^batches is empty/);
  await assertRefused(() => partialFit(model, 'rows' as never), /^batches is "?rows"?: it must be a batch/);
  await assertRefused(() => partialFit(model, Promise.resolve(x) as never), /^batches is a Promise/);
  await assertRefused(() => partialFit(model, [[1, 2]] as never), /^the batch has shape \(1, 2\)/);
  await assertRefused(() => partialFit(model, x, { epochs: 3 } as never), /^options\.epochs is given to partialFit/);
  await assertRefused(() => partialFit(model, x, { steps: 0 }), /^options\.steps is 0/);
  await assertRefused(
    () => partialFit(model, x, { optimizer: { kind: 'lbfgs', iterations: 3 } }),
    'options.optimizer is lbfgs, which needs all examples at once: use adam or sgd',
  );
  assert.equal(await model.parameters(), before);
  const training = fit(model, x, { epochs: 2 });
  await assertRefused(() => partialFit(model, x), /partialFit was called while the model is being trained/);
  await training;
});

test('a call without an option, or with one made anew, goes on; a schedule is the one that was given last', async () => {
  const model = await create();
  const rates: number[] = [];
  const rate = (value: number) => (step: number) => {
    rates.push(step);
    return value;
  };
  const batches = parts(12);
  await partialFit(model, batches, { optimizer: { kind: 'sgd', learningRate: rate(0.1) } });
  const before = await model.parameters();
  assert.is((await partialFit(model, batches, { optimizer: { kind: 'sgd', learningRate: rate(0) } })).steps, 4);
  assert.equal(await model.parameters(), before);
  assert.is((await partialFit(model, batches)).steps, 6);
  assert.equal(rates, [0, 1, 2, 3, 4, 5]);
});

test('schedules that end need to know where', async () => {
  for (const kind of ['linear', 'cosine', 'trapezoid'] as const) {
    const shape = kind === 'trapezoid' ? { kind, value: 0.1 } : { kind, from: 0.1, to: 0 };
    const options = { optimizer: { kind: 'sgd', learningRate: shape } } as const;
    await assertRefused(
      async () => partialFit(await create(), x, options),
      `options.optimizer.learningRate is ${kind}, which runs over all steps: add options.steps, how many there will be`,
    );
    await partialFit(await create(), x, { ...options, steps: 3 });
  }
});

test('what a call came to is of that call alone, also where it takes no step', async () => {
  const model = await create();
  await partialFit(model, parts(6), { optimizer });
  const nothing = async function* () {};
  const refused = [
    () => partialFit(model, nothing()),
    () => partialFit(model, [[1]] as never),
    () => partialFit(model, x, { epochs: 1 } as never),
    () => partialFit(model, x, { signal: AbortSignal.abort() }),
  ];
  for (const call of refused) {
    const { result } = (await errorOf(call)) as { result: StreamResult };
    assert.equal([result.steps, result.examples, result.cost, result.terms], [4, 0, Number.NaN, {}]);
  }
});

test('sources that fail when they are left, and callbacks that never end, neither hang a call nor reject behind it', async () => {
  const unheard: unknown[] = [];
  const hear = (reason: unknown) => unheard.push(reason);
  process.on('unhandledRejection', hear);
  try {
    const fault = new Error('the source failed');
    async function* failing() {
      try {
        yield* parts(6);
        throw fault;
      } finally {
        await Promise.reject(new Error('and its end'));
      }
    }
    assert.match(String(await errorOf(async () => partialFit(await create(), failing()))), 'and its end');
    const reader = {
      read: async () => ({ done: false, value: [[1]] as never }),
      cancel: () => Promise.reject(fault),
    };
    await assertRefused(async () => partialFit(await create(), { getReader: () => reader }), /^the batch has shape/);
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 30);
    const hung = { signal: cancel.signal, onProgress: () => new Promise(() => {}) };
    assert.is(await errorOf(async () => partialFit(await create(), parts(6), hung)), cancel.signal.reason);
    const stream = new ReadableStream({ start: (c) => c.enqueue(x) });
    await errorOf(async () => partialFit(await create(), stream as never, { signal: AbortSignal.abort() }));
    assert.is(stream.locked, false);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(unheard, []);
  } finally {
    process.off('unhandledRejection', hear);
  }
});

test('callers without types hear what is wrong', async () => {
  const cases: [unknown, unknown, RegExp][] = [
    [x, null, /^options is null/],
    [x, 3, /^options is 3/],
    [x, [], /^options is \[\]/],
    [x, { signal: {} }, /^options\.signal is/],
    [x, { steps: '5' }, /^options\.steps is "5"/],
    [{ [Symbol.iterator]: () => ({}) }, {}, /^batches is an object|^batches is \{/],
    [{ [Symbol.asyncIterator]: () => ({ next: () => undefined }) }, {}, /^batches is/],
  ];
  for (const [batches, options, message] of cases) {
    await assertRefused(async () => partialFit(await create(), batches as never, options as never), message);
  }
});

test.run();
