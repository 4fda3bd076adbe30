import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { Classifier } from '../../src/model/classifier.ts';
import { fit } from '../../src/training/fit.ts';
import { fitClassifier } from '../../src/training/fit-classifier.ts';
import type { FitResult, HistoryEntry } from '../../src/training/history.ts';
import { Keeper } from '../../src/training/keeper.ts';
import { serializeModel } from '../../src/training/model-file.ts';
import type { FitOptions } from '../../src/training/options.ts';
import type { Progress } from '../../src/training/progress.ts';
import { assertRefused, errorOf } from '../support/errors.ts';

// A model too large for four examples: its validation error falls, and rises again.

/** In [−0.5, 0.5), of no pattern that could be learnt. */
function noise(at: number): number {
  const value = Math.sin(at) * 43758.5453;
  return value - Math.floor(value) - 0.5;
}
const rows = (m: number, salt: number) =>
  fromRows(
    Array.from({ length: m }, (_, k) => Array.from({ length: 8 }, (_, i) => noise(k * 12.9898 + i * 78.233 + salt))),
  );
const x = rows(4, 0);
const validation = rows(30, 5);
const config = { inputs: 8, hidden: 12, output: 'linear', precision: 'float64', seed: 2 } as const;
const options = { optimizer: { kind: 'adam', learningRate: 0.02 }, epochs: 60, batchSize: 2, validation } as const;
const create = () => Autoencoder.create(config);

const validationOf = (history: readonly HistoryEntry[]) => history.map(({ validation = Number.NaN }) => validation);

test("keep: 'best' ends with the parameters of the epoch of the least validation error, bit for bit", async () => {
  const plain = await create();
  const { history } = await fit(plain, x, options);
  const errors = validationOf(history);
  const best = 1 + errors.indexOf(Math.min(...errors));
  assert.ok(best > 1 && best < errors.length - 5, 'it falls and rises');
  const kept = await create();
  const result = await fit(kept, x, { ...options, keep: 'best' });
  assert.is(result.kept, best);
  assert.equal(result.history, history);
  const short = await create();
  await fit(short, x, { ...options, epochs: best });
  assert.equal(await serializeModel(kept), await serializeModel(short));
  assert.is((await fit(await create(), x, { ...options, keep: 'last' })).kept, undefined);
});

test('stop ends training after `patience` epochs without a fall by more than minDelta, and says so', async () => {
  const model = await create();
  const errors = validationOf((await fit(await create(), x, options)).history);
  for (const [patience, minDelta] of [
    [1, 0],
    [4, 0],
    [3, 0.01],
  ]) {
    let [fallen, last] = [0, Number.POSITIVE_INFINITY];
    const expected = errors.findIndex((error, i) => {
      if (error < last - minDelta) [fallen, last] = [i, error];
      return i - fallen >= patience;
    });
    const { epochs, converged, steps } = await fit(await create(), x, { ...options, stop: { patience, minDelta } });
    assert.is(epochs, expected + 1);
    assert.is(steps, 2 * epochs);
    assert.match(converged ?? '', /^the validation error has not fallen.* below 0?\.?\d+.* for \d epochs?$/);
  }
  const { converged, epochs } = await fit(model, x, { ...options, epochs: 3, stop: { patience: 50 } });
  assert.equal([converged, epochs], [null, 3]);
});

test('the last progress of an epoch carries its validation error, and onEpoch its entry', async () => {
  const told: Progress[] = [];
  const entries: HistoryEntry[] = [];
  const onEpoch = (entry: HistoryEntry) => void entries.push(entry);
  const { history } = await fit(await create(), x, { ...options, epochs: 3, onProgress: (p) => told.push(p), onEpoch });
  assert.equal(entries, history);
  assert.equal(
    told.map(({ validation: error }) => error),
    validationOf(history).flatMap((error) => [undefined, error]),
  );
});

test('progressEvery spaces calls of onProgress, the last step aside, and no validation error is lost by it', async () => {
  const steps = async (more: FitOptions) => {
    const told: number[] = [];
    await fit(await create(), x, { ...options, epochs: 3, onProgress: ({ step }) => told.push(step), ...more });
    return told;
  };
  assert.equal(await steps({ progressEvery: 1e9 }), [1, 6]);
  assert.equal(await steps({ progressEvery: 1e9, validation: undefined }), [1, 6]);
  assert.equal(await steps({ progressEvery: 0 }), [1, 2, 3, 4, 5, 6]);
});

test('an aborted run keeps its best, and its error has what it came to', async () => {
  const errors = validationOf((await fit(await create(), x, options)).history);
  const best = 1 + errors.indexOf(Math.min(...errors));
  const cancel = new AbortController();
  const model = await create();
  const onProgress = ({ step }: Progress) => step === 2 * best + 5 && cancel.abort();
  const error = await errorOf(() => fit(model, x, { ...options, keep: 'best', signal: cancel.signal, onProgress }));
  assert.is(error, cancel.signal.reason);
  const { result } = error as Error & { result: FitResult };
  assert.equal([result.steps, result.epochs, result.kept], [2 * best + 5, best + 2, best]);
  assert.is(result.history.length, best + 3); // the one under way too
  assert.equal(validationOf(result.history).slice(0, -1), errors.slice(0, best + 2));
  const short = await create();
  await fit(short, x, { ...options, epochs: best });
  assert.equal(await model.parameters(), await short.parameters());
});

test('a run that diverges tells what it came to; what cannot be told anything stays as it is', async () => {
  const wild = { optimizer: { kind: 'sgd', learningRate: 1e200 }, epochs: 5, batchSize: 2 } as const;
  const error = (await errorOf(async () => fit(await create(), x, wild))) as Error & { result: FitResult };
  assert.is(error.name, 'TrainingError');
  assert.ok(error.result.steps >= 1);
  const cancel = new AbortController();
  const onProgress = () => cancel.abort('enough');
  const reason = await errorOf(async () => fit(await create(), x, { ...options, signal: cancel.signal, onProgress }));
  assert.is(reason, 'enough');
});

test('with keep and stop, runs that are resumed after any step end as the uninterrupted one', async () => {
  const run = { ...options, epochs: 40, keep: 'best', stop: { patience: 4 } } as const;
  const whole = await create();
  const saved: Uint8Array[] = [];
  const save = (bytes: Uint8Array) => void saved.push(bytes);
  const result = await fit(whole, x, { ...run, checkpoint: { every: 1, save } });
  assert.ok(result.converged !== null && result.kept !== undefined && result.kept < result.epochs);
  for (let i = 0; i < saved.length; i += 3) {
    const model = await create();
    const { seconds: _, resumed: __, ...again } = await fit(model, x, { ...run, resume: saved[i] });
    const { seconds: ___, ...before } = result;
    assert.equal(again, before);
    assert.equal(await serializeModel(model), await serializeModel(whole));
  }
  await assertRefused(
    async () => fit(await create(), x, { ...options, epochs: 40, resume: saved[3] }),
    /^plan\.stop is .* in the checkpoint, and undefined here/,
  );
});

test('classifiers stop and keep their best too, the softmax alone as well', async () => {
  const labels = [0, 1, 2, 0];
  const held = { x: validation, labels: Array.from({ length: 30 }, (_, k) => k % 3) };
  for (const stage of ['all', 'softmax'] as const) {
    const made = () => Classifier.create({ inputs: 8, hidden: [6], classes: 3, precision: 'float64', seed: 1 });
    const run = { optimizer: { kind: 'adam', learningRate: 0.05 }, epochs: 50, validation: held, stage } as const;
    const kept = await made();
    const { kept: best = 0, epochs } = await fitClassifier(kept, x, labels, {
      ...run,
      keep: 'best',
      stop: { patience: 2 },
    });
    assert.is(epochs, best + 2);
    const short = await made();
    await fitClassifier(short, x, labels, { ...run, epochs: best });
    assert.equal(await kept.parameters(), await short.parameters());
  }
});

test('stop and keep need validation examples, and their own parts', async () => {
  const model = await create();
  const without = { epochs: 2 };
  await assertRefused(
    () => fit(model, x, { ...without, stop: { patience: 2 } }),
    /^options\.stop is .* without options\.validation/,
  );
  await assertRefused(
    () => fit(model, x, { ...without, keep: 'best' }),
    /^options\.keep is "?best"? without options\.validation/,
  );
  await assertRefused(() => fit(model, x, { ...options, stop: { patience: 0 } }), /^options\.stop\.patience is 0/);
  await assertRefused(
    () => fit(model, x, { ...options, stop: 3 as never }),
    /^options\.stop is 3: it must be an object such as/,
  );
  await assertRefused(() => fit(model, x, { ...options, keep: 'worst' as never }), /^options\.keep is "worst"/);
});

test('a schedule that is a function trains as the object does, and a resumed run goes on with it', async () => {
  const linear = { kind: 'linear', from: 0.05, to: 0 } as const;
  const rate = (t: number, T: number) => 0.05 - (0.05 * t) / (T - 1);
  const runs = [linear, rate].map(
    (learningRate) => ({ optimizer: { kind: 'sgd', learningRate }, epochs: 5, batchSize: 2 }) as const,
  );
  const models = [await create(), await create()];
  const saved: Uint8Array[] = [];
  await fit(models[0], x, runs[0]);
  await fit(models[1], x, { ...runs[1], checkpoint: { every: 4, save: (bytes) => void saved.push(bytes) } });
  const [a, b] = [await models[0].parameters(), await models[1].parameters()];
  for (const name of Object.keys(a)) assert.ok(a[name].data.every((v, i) => Math.abs(v - b[name].data[i]) < 1e-14));
  const again = await create();
  await fit(again, x, { ...runs[1], resume: saved[0] });
  assert.equal(await again.parameters(), b);
  await assertRefused(
    async () => fit(await create(), x, { ...runs[0], resume: saved[0] }),
    /a function" in the checkpoint/,
  );
  const before = await again.parameters();
  const bad = { optimizer: { kind: 'sgd', learningRate: () => -1 } } as const;
  await assertRefused(() => fit(again, x, bad), /^options\.optimizer\.learningRate gives -1 for step 0 of/);
  assert.equal(await again.parameters(), before);
});

test('an error that is no number is no fall', async () => {
  const { engine } = await create();
  const entry = (epoch: number, error: number) => ({ epoch, step: epoch, cost: 0, terms: {}, validation: error });
  const keeper = new Keeper(engine, { stop: { patience: 2, minDelta: 0 }, keep: 'best' });
  assert.is(await keeper.after(entry(1, Number.NaN)), null);
  assert.is(keeper.kept, null);
  assert.match((await keeper.after(entry(2, Number.NaN))) ?? '', 'below Infinity for 2 epochs');
});

test("what ends a run behind an abort is nobody's unhandled rejection", async () => {
  const unheard: unknown[] = [];
  const hear = (reason: unknown) => unheard.push(reason);
  process.on('unhandledRejection', hear);
  try {
    for (const callback of ['onProgress', 'onEpoch'] as const) {
      const cancel = new AbortController();
      const late = async () => {
        cancel.abort();
        throw new Error('too late');
      };
      const run = { ...options, signal: cancel.signal, [callback]: late };
      assert.is(await errorOf(async () => fit(await create(), x, run)), cancel.signal.reason);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(unheard, []);
  } finally {
    process.off('unhandledRejection', hear);
  }
});

test('a callback that ends the run after its best epoch finds that epoch kept, and no step follows it', async () => {
  const errors = validationOf((await fit(await create(), x, options)).history);
  const best = 1 + errors.indexOf(Math.min(...errors));
  const short = await create();
  await fit(short, x, { ...options, epochs: best });
  for (const aborts of [true, false]) {
    const cancel = new AbortController();
    const onEpoch = ({ epoch }: HistoryEntry) => {
      if (epoch !== best) return;
      if (!aborts) throw new Error('mine');
      cancel.abort();
    };
    const model = await create();
    const run = { ...options, keep: 'best', signal: cancel.signal, onEpoch } as const;
    const { result } = (await errorOf(() => fit(model, x, run))) as { result: FitResult };
    assert.equal([result.kept, result.epochs, result.steps], [best, best, 2 * best]);
    assert.equal(await model.parameters(), await short.parameters());
  }
});

test('what a caller does with an entry of onEpoch changes nothing', async () => {
  const spoil = (entry: HistoryEntry) => {
    Object.assign(entry, { validation: 0, cost: 0 });
    Object.assign(entry.terms, { reconstruction: 0 });
  };
  const plain = await fit(await create(), x, { ...options, keep: 'best' });
  const told = await fit(await create(), x, { ...options, keep: 'best', onEpoch: spoil });
  assert.equal([told.history, told.kept], [plain.history, plain.kept]);
});

test('a run whose validation error overflows diverges, and keeps its last good parameters', async () => {
  for (const keep of ['last', 'best'] as const) {
    const model = await Autoencoder.create({ ...config, activation: 'linear', precision: 'float32' });
    const wild = { optimizer: { kind: 'sgd', learningRate: 1e30 }, epochs: 9, batchSize: 4, validation, keep } as const;
    const error = (await errorOf(() => fit(model, x, wild))) as Error & { term: string; result: FitResult };
    assert.equal([error.name, error.term], ['TrainingError', 'validation'], error.message);
    assert.match(error.message, /^step 1: the validation error is (Infinity|NaN) after it; training stopped/);
    assert.ok(Object.values(await model.parameters()).every(({ data }) => data.every(Number.isFinite)));
    assert.ok(Number.isFinite((await model.costAndGradient(x)).cost));
  }
});

test('a signal that has ended a run before does not hand its result on', async () => {
  const cancel = new AbortController();
  const run = { ...options, signal: cancel.signal, onProgress: () => cancel.abort() };
  await errorOf(async () => fit(await create(), x, run));
  const { result } = (await errorOf(async () => fit(await create(), x, run))) as { result: FitResult };
  assert.equal([result.steps, result.epochs, result.history], [0, 0, []]);
});

test.run();
