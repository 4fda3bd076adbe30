import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, toFlat } from '../../src/array/matrix.ts';
import { TrainingError } from '../../src/errors.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { fit } from '../../src/training/fit.ts';
import type { FitOptions } from '../../src/training/options.ts';
import { assertClose } from '../support/close.ts';
import { assertRefused, errorOf } from '../support/errors.ts';
import { randomView } from '../support/views.ts';

const config: AutoencoderConfig = { inputs: 6, hidden: 4, precision: 'float64' };
const linear: AutoencoderConfig = { ...config, activation: 'linear', output: 'linear' };
const x = randomView(50, 6, 'rows', 'float64', 1, 0, 1);
/** Their gradients times 3e38 overflow float32. */
const large = randomView(50, 6, 'rows', 'float64', 1, 0, 100);
const theta = async (model: Autoencoder) =>
  Object.values(await model.parameters()).flatMap((view) => [...toFlat(view)]);
const long: FitOptions = { optimizer: { kind: 'adam', learningRate: 1e-3 }, epochs: 1_000_000, batchSize: 5 };

/** Fails unless the model can still be read, encode, and be trained. */
async function assertUsable(model: Autoencoder): Promise<void> {
  assert.ok((await theta(model)).every(Number.isFinite), 'parameters that are not finite');
  assert.ok([...(await model.encode(x)).data].every(Number.isFinite));
  model.setParameters(await model.parameters());
  assert.is((await fit(model, x, { epochs: 1 })).epochs, 1);
}

test('fit that is aborted before it starts rejects with the reason and changes nothing', async () => {
  const model = await Autoencoder.create(config);
  const before = await theta(model);
  const reason = new Error('enough');
  assert.is(await errorOf(() => fit(model, x, { ...long, signal: AbortSignal.abort(reason) })), reason);
  assert.equal(await theta(model), before);
  await assertUsable(model);
});

test('fit that a timer aborts ends soon, with the reason, and leaves the model usable', async () => {
  for (const options of [long, { optimizer: { kind: 'lbfgs', iterations: 1_000_000, tolerance: 0 } as const }]) {
    const model = await Autoencoder.create(config);
    const before = await theta(model);
    const begin = performance.now();
    const error = await errorOf(() => fit(model, x, { ...options, signal: AbortSignal.timeout(60) }));
    if (options !== long && error instanceof assert.Assertion) continue; // L-BFGS may have converged before
    assert.is((error as Error).name, 'TimeoutError');
    assert.ok(performance.now() - begin < 2000);
    assert.not.equal(await theta(model), before);
    await assertUsable(model);
  }
});

test('fit that onProgress aborts stops after that very step', async () => {
  const model = await Autoencoder.create(config);
  const controller = new AbortController();
  let steps = 0;
  let at: Promise<number[]> | null = null;
  const onProgress = () => {
    if (++steps < 7) return;
    controller.abort();
    at = theta(model);
  };
  const error = await errorOf(() => fit(model, x, { ...long, signal: controller.signal, onProgress }));
  assert.equal([(error as Error).name, steps], ['AbortError', 7]);
  assert.equal(await theta(model), await at);
  await assertUsable(model);
});

test('fit passes on what onProgress throws and leaves the model usable', async () => {
  const model = await Autoencoder.create(config);
  const thrown = new Error('in the callback');
  const onProgress = () => {
    throw thrown;
  };
  assert.is(await errorOf(() => fit(model, x, { epochs: 1, onProgress })), thrown);
  await assertUsable(model);
});

test('fit whose cost is not finite names the step and the term, and leaves finite parameters', async () => {
  for (const precision of ['float32', 'float64'] as const) {
    for (const learningRate of [10, 1e5, 1e30, precision === 'float32' ? 3e38 : 1e200]) {
      const model = await Autoencoder.create({ ...linear, precision });
      const error = await errorOf(() =>
        fit(model, x, { optimizer: { kind: 'sgd', learningRate }, epochs: 1000, batchSize: 50 }),
      );
      const what = `${precision} at ${learningRate}`;
      assert.ok(error instanceof TrainingError, `${what}: ${error}`);
      if (!(error instanceof TrainingError)) return;
      assert.ok(Number.isInteger(error.step) && error.step > 1, `${what}: step ${error.step}`);
      assert.ok(['reconstruction', 'gradient'].includes(error.term), `${what}: term ${error.term}`);
      assert.ok(error.message.startsWith(`step ${error.step}: the ${error.term} term is `), error.message);
      assert.match(error.message, /lower learning rate/);
      assert.ok((await theta(model)).every(Number.isFinite), `${what}: parameters that are not finite`);
      model.setParameters(await (await Autoencoder.create(linear)).parameters());
      await assertUsable(model);
    }
  }
});

test('fit that is aborted right after an update made parameters infinite takes that update back', async () => {
  const model = await Autoencoder.create({ ...linear, precision: 'float32' });
  const controller = new AbortController();
  const error = await errorOf(() =>
    fit(model, large, {
      optimizer: { kind: 'sgd', learningRate: 3e38 },
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    }),
  );
  assert.match(String(error), 'enough');
  assert.ok((await theta(model)).every(Number.isFinite));
  await assertUsable(model);
});

test('fit notices parameters that the very last update made infinite', async () => {
  const model = await Autoencoder.create({ ...linear, precision: 'float32' });
  const error = await errorOf(() =>
    fit(model, large, { optimizer: { kind: 'sgd', learningRate: 3e38 }, epochs: 1, batchSize: x.shape[0] }),
  );
  assert.ok(error instanceof TrainingError, String(error));
  if (error instanceof TrainingError) assert.is(error.term, 'parameters');
  assert.ok((await theta(model)).every(Number.isFinite));
});

test('fit whose cost is not finite leaves the last parameters whose cost is', async () => {
  const model = await Autoencoder.create(linear);
  const options: FitOptions = { optimizer: { kind: 'sgd', learningRate: 10 }, epochs: 1000, batchSize: 50 };
  assert.ok((await errorOf(() => fit(model, x, options))) instanceof TrainingError);
  assert.ok(Number.isFinite((await model.costAndGradient(x)).cost));
});

test('fit names the weight decay when that is the term that overflows', async () => {
  const model = await Autoencoder.create({ ...config, weightDecay: 1e308 });
  const options: FitOptions = { optimizer: { kind: 'sgd', learningRate: 1e-150 }, epochs: 5 };
  const error = await errorOf(() => fit(model, x, options));
  assert.ok(error instanceof TrainingError && error.term === 'weightDecay', String(error));
  assert.ok((await theta(model)).every(Number.isFinite));
});

test('fit refuses a second fit and setParameters while it trains; reading is allowed', async () => {
  const model = await Autoencoder.create(config);
  const controller = new AbortController();
  const first = fit(model, x, { ...long, signal: controller.signal });
  await assertRefused(
    () => fit(model, x, { epochs: 1 }),
    'fit was called while the model is being trained: wait for fit to end, or abort it',
  );
  await assertRefused(
    () => model.setParameters({}),
    'setParameters was called while the model is being trained: wait for fit to end, or abort it',
  );
  controller.abort();
  assert.is(((await errorOf(() => first)) as Error).name, 'AbortError');
  await assertUsable(model);
});

test('fit gives the same bits when the model encodes and evaluates other examples meanwhile', async () => {
  for (const options of [{ epochs: 5, batchSize: 7 }, { optimizer: { kind: 'lbfgs', iterations: 15 } as const }]) {
    const alone = await Autoencoder.create(config);
    await fit(alone, x, options);
    const busy = await Autoencoder.create(config);
    const other = randomView(80, 6, 'rows', 'float64', 9, 0, 1);
    const reads: Promise<unknown>[] = [];
    const onProgress = () => reads.push(busy.encode(other), busy.costAndGradient(other));
    const run = fit(busy, x, { ...options, onProgress });
    reads.push(busy.reconstruct(other), busy.costAndGradient(other));
    await run;
    await Promise.all(reads);
    assert.equal(await theta(busy), await theta(alone));
  }
});

test('encode during fit sees the parameters between two steps, never a trial of the line search', async () => {
  const options = { optimizer: { kind: 'lbfgs', iterations: 10 } as const };
  const twin = await Autoencoder.create(config);
  const known = new Set([(await twin.encode(x)).data.join()]);
  const replay: Promise<unknown>[] = [];
  const remember = () => replay.push(twin.encode(x).then(({ data }) => known.add(data.join())));
  await fit(twin, x, { ...options, onProgress: remember });
  await Promise.all(replay);
  const model = await Autoencoder.create(config);
  const run = fit(model, x, options);
  const during: Promise<{ readonly data: ArrayLike<number> }>[] = [];
  for (let turn = 0; turn < 300; turn++) {
    during.push(model.encode(x));
    await Promise.resolve();
  }
  await run;
  const seen = new Set((await Promise.all(during)).map(({ data }) => Array.from(data).join()));
  assert.ok([...seen].every((state) => known.has(state)));
  assert.ok(seen.size > 2, `${seen.size} states seen`);
});

test('fit refuses options that are not allowed, before anything is changed', async () => {
  const model = await Autoencoder.create({ ...config, loss: 'cross-entropy' });
  const before = await theta(model);
  const refused = (options: unknown, message: RegExp) =>
    assertRefused(() => fit(model, x, options as FitOptions), message);
  const lbfgs = { kind: 'lbfgs', iterations: 5 };
  const tail = 'with optimizer lbfgs, which uses the whole set in each of its iterations';
  await refused({ optimizer: lbfgs, batchSize: 10 }, new RegExp(`^options\\.batchSize is 10 ${tail}`));
  await refused({ optimizer: lbfgs, epochs: 3 }, new RegExp(`^options\\.epochs is 3 ${tail}`));
  await refused({ epochs: 0 }, /^options\.epochs is 0: it must be a whole number, at least 1$/);
  await refused({ batchSize: 1.5 }, /^options\.batchSize is 1\.5: /);
  await refused({ seed: -1 }, /^options\.seed is -1: /);
  await refused(
    { epoch: 3 },
    /^options\.epoch is not a known key: the keys here are optimizer, rules, parts, epochs, batchSize/,
  );
  await refused({ optimizer: 'adam' }, /^options\.optimizer is "adam": it must be an object such as/);
  await refused(
    { optimizer: { kind: 'rmsprop' } },
    /^options\.optimizer\.kind is "rmsprop": it must be an object such as \{.*\}, its kind one of lbfgs, sgd, adam; a kind of your own is given as \{ parts: \{ optimizers \} \} or .*$/,
  );
  await refused({ optimizer: { kind: 'sgd', learningRate: 1, momentum: 1 } }, /^options\.optimizer\.momentum is 1: /);
  await refused({ validation: fromRows([[1]]) }, /^options\.validation has shape \(1, 1\): it must be \(m, 6\)/);
  await refused({ validation: fromRows([[0, 0, 0, 0, 0, 2]]) }, /^options\.validation is 2 in row 0, column 5: cross-/);
  await assertRefused(() => fit(model, fromRows([[1, 2]])), /^x has shape \(1, 2\): it must be \(m, 6\)/);
  assertClose(await theta(model), before, { rtol: 0, atol: 0 });
});

test('fit refuses options of the wrong type in one clear line, before anything is changed', async () => {
  const model = await Autoencoder.create(config);
  const before = await theta(model);
  for (const options of [null, { signal: {} }, { onProgress: 3 }, { optimizer: { kind: 'sgd' } }]) {
    await assertRefused(() => fit(model, x, options as FitOptions), /^options/);
    assert.equal(await theta(model), before);
  }
});

/** A column of timestamps, in seconds times `scale`, beside small numbers. */
function timestamps(scale: number) {
  return fromRows(
    Array.from({ length: 40 }, (_, i) => [0.1 * (i % 7), scale * (1.7e9 + i * 1e7), 0.3]),
    'float32',
  );
}

test('Adam whose mean square overflows float32 stops with a TrainingError that names it, at the step where it does', async () => {
  const narrow: AutoencoderConfig = { inputs: 3, hidden: 2, activation: 'linear', output: 'linear', seed: 1 };
  for (const scale of [10, 1e3, 1e6]) {
    const model = await Autoencoder.create(narrow);
    const before = theta(model);
    const costs: number[] = [];
    const onProgress = ({ cost }: { cost: number }) => costs.push(cost);
    const error = await errorOf(() => fit(model, timestamps(scale), { epochs: 600, batchSize: 40, onProgress }));
    assert.instance(error, TrainingError);
    const { message, term, step } = error as TrainingError;
    assert.match(message, /^step \d+: the mean square of the gradient, which Adam divides by, overflows float32/);
    assert.is(term, 'gradient');
    assert.is(step, costs.length + 1);
    assert.is(step, 1); // with 10, v is finite yet, and v/(1 − β₂) is not
    assert.equal(theta(model), before);
    await fit(model, fromRows([[0.1, 0.2, 0.3]], 'float32'), { epochs: 1 });
  }
});

test('Adam goes on where gradients are large and their squares are finite, and in float64', async () => {
  const narrow: AutoencoderConfig = { inputs: 3, hidden: 2, activation: 'linear', output: 'linear', seed: 1 };
  for (const [scale, precision] of [
    [1e-1, 'float32'],
    [1e6, 'float64'],
  ] as const) {
    const model = await Autoencoder.create({ ...narrow, precision });
    const { history } = await fit(model, timestamps(scale), { epochs: 20, batchSize: 40 });
    for (let i = 1; i < history.length; i++) assert.ok(history[i].cost < history[i - 1].cost, `${scale}, epoch ${i}`);
  }
});

test.run();
