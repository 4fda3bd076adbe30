import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { Parts } from '../../src/model/parts.ts';
import { fit } from '../../src/training/fit.ts';
import type { FitParts } from '../../src/training/fit-parts.ts';
import type { OwnFitOptions } from '../../src/training/options.ts';
import { assertRefused } from '../support/errors.ts';

const x = fromRows([
  [0.1, 0.9, 0.4],
  [0.8, 0.2, 0.5],
]);
/** What TypeScript would not let pass. */
const create = (parts: unknown, kind = 'mine', more: object = {}) =>
  Autoencoder.create({ inputs: 3, hidden: 2, sparsity: { kind }, ...more }, { parts: parts as Parts });
/** A first step makes the parts that a model is given. */
const firstStep = async (parts: unknown) => (await create(parts)).costAndGradient(x);
const term = (made: unknown) => ({ terms: { mine: { create: () => made } } });

const terms: readonly [unknown, RegExp][] = [
  [undefined, /^term "mine": its create gives undefined: it must give an object with value or backward$/],
  [Promise.resolve({}), /^term "mine": its create gives a Promise/],
  [{}, /^term "mine": what its create gives has no function value or backward/],
  [{ name: 'own', bakward() {} }, /has no function value or backward/],
  [{ name: 'own', async backward() {} }, /^term "mine": backward is async, and nothing waits for it/],
  [{ backward() {} }, /^term "mine": its name is undefined/],
  [{ name: '__proto__', backward() {} }, /its name is "__proto__"/],
  [{ name: 'reconstruction', backward() {} }, /its name is "reconstruction"/],
];

test('what create of a term gives is refused where it is no term, and not taken for one that does nothing', async () => {
  for (const [made, message] of terms) await assertRefused(() => firstStep(term(made)), message);
});

test('parts are refused under any heading whose name is taken, and where they are none', async () => {
  const own = { create: () => ({ name: 'own', backward() {} }) };
  for (const parts of [
    { terms: { 'k-sparse': own } },
    { terms: { contraction: own } },
    { layers: { kl: own } },
    { layers: { elementwise: own } },
    { terms: { '': own } },
    { terms: { same: own }, layers: { same: own } },
  ]) {
    await assertRefused(() => create(parts), /bears the name of a part that there is/);
  }
  await assertRefused(() => create([]), /^options\.parts is \[\]: it must be an object such as \{ activations/);
  await assertRefused(() => create({ terms: null }), /^options\.parts\.terms is null: it must be an object of parts/);
  await assertRefused(() => create({ terms: { mine: { create: 1 } } }), /terms\.mine has no function create/);
  const half = { of: Math.sin, first: Math.cos, second: Math.sin, rate: 5, kink: false };
  await assertRefused(
    () => create({ activations: { half } }),
    /activations\.half\.rate is 5: it must be \{ scale, shift \}/,
  );
});

const layer = (tensors: object[]) => ({ layers: { mine: { create: () => ({}), tensors: () => tensors } } });
const tensors: readonly [object[], RegExp][] = [
  [[{ name: 'weight', shape: [2], role: 'trained' }], /^layer "mine": tensor "weight": its name must be/],
  [[{ name: '', shape: [2], role: 'model-state' }], /its name must be a string/],
  [[{ name: 'g', shape: [2], role: 'other' }], /tensor "g": its role is "other"/],
  [[{ name: 'g', shape: [-1], role: 'trained' }], /tensor "g": its shape is \[-1\]/],
  [[{ name: 'g', shape: [2], role: 'model-state', initial: Number.NaN }], /tensor "g": its initial is NaN/],
  [Array(2).fill({ name: 'g', shape: [2], role: 'trained' }), /tensor "g": there are two of that name/],
];

test('tensors that could not be kept or saved are refused before the model is made', async () => {
  for (const [given, message] of tensors) await assertRefused(() => create(layer(given)), message);
  await assertRefused(
    () => firstStep({ layers: { mine: { create: () => ({}) } } }),
    /^layer "mine": what its create gives has no function reserve: it must have reserve, bind/,
  );
});

const plain = () => Autoencoder.create({ inputs: 3, hidden: 2, precision: 'float64' });
const train = async (options: object) => fit(await plain(), x, { epochs: 1, ...options } as OwnFitOptions);
const optimizer = (made: object, kind: object = {}) => ({
  optimizer: { kind: 'mine' },
  parts: { optimizers: { mine: { data: 'batch', create: () => made, ...kind } } } as unknown as FitParts,
});
const still = { step: async () => undefined, undo() {}, state: async () => ({}), restore() {} };

test('optimizers and rules of no use are refused by name', async () => {
  const rule = (made: unknown) => ({ rules: [{ kind: 'own' }], parts: { rules: { own: { create: () => made } } } });
  await assertRefused(() => train(rule({})), /^rule "own": what its create gives has no function before or after/);
  await assertRefused(() => train(rule(undefined)), /^rule "own": its create gives undefined/);
  await assertRefused(() => train(optimizer({})), /^optimizer "mine": what its create gives has no function step/);
  await assertRefused(
    () => train(optimizer(still)),
    /^optimizer "mine": its step gives undefined: it must give \{ eval/,
  );
  await assertRefused(
    () => train(optimizer(still, { data: 'x' })),
    /optimizers\.mine\.data is "x": it must be "batch"/,
  );
  await assertRefused(() => train(optimizer(still, { data: 'whole' })), /optimizers\.mine\.steps is undefined/);
  const whole = { ...optimizer(still, { data: 'whole', steps: 'n' }), epochs: undefined };
  await assertRefused(() => train(whole), /^options\.optimizer\.n is undefined: it must be a whole number, at least 1/);
});

test('a rule that never resolves ends with the signal', async () => {
  const controller = new AbortController();
  const hang = { create: () => ({ after: () => new Promise<void>(() => {}) }) };
  const options = { rules: [{ kind: 'hang' }], parts: { rules: { hang } }, signal: controller.signal };
  const done = train(options).then(
    () => 'resolved',
    (error: Error) => error.name,
  );
  setTimeout(() => controller.abort(), 50);
  assert.is(await done, 'AbortError');
});

test('an optimizer whose step never resolves is given up some seconds after the signal', async () => {
  const controller = new AbortController();
  const hanging = { ...still, step: () => new Promise<never>(() => {}) };
  const done = train({ ...optimizer(hanging), signal: controller.signal }).then(
    () => 'resolved',
    (error: Error) => error.name,
  );
  setTimeout(() => controller.abort(), 50);
  assert.is(await done, 'AbortError');
});

test('a term that keeps what training moves is not run by L-BFGS, whether it says so or not', async () => {
  const moving = {
    create: () => ({ name: 'own', backward() {} }),
    tensors: () => [{ name: 'mean', shape: [2], role: 'model-state' }],
  };
  const model = await create({ terms: { mine: moving } });
  await assertRefused(
    () => fit(model, x, { optimizer: { kind: 'lbfgs', iterations: 2 } }),
    /^"code\.mean" moves from step to step, and optimizer lbfgs asks for the same cost at every step/,
  );
});

test('numbers that a part of a caller’s own makes are not called overflow alone', async () => {
  const nan = { ...Object.fromEntries(['of', 'first', 'second'].map((name) => [name, () => Number.NaN])) };
  const parts = { activations: { nan: { ...nan, rate: null, kink: false } } } as unknown as Parts;
  const model = await Autoencoder.create({ inputs: 3, hidden: 2, activation: 'nan' }, { parts });
  await assertRefused(() => model.encode(x), /its values overflow float32, or a part of your own gives such numbers;/);
});

test('parameters that undo leaves broken are said to be so', async () => {
  const model = await plain();
  const breaking = {
    ...still,
    async step({ theta, evaluate }: { theta: { data: Float64Array }; evaluate(): Promise<object> }) {
      const evaluation = await evaluate();
      theta.data.fill(Number.NaN);
      return { evaluation, converged: null };
    },
  };
  const options = { epochs: 2, ...optimizer(breaking) } as OwnFitOptions;
  const said = await fit(model, x, options).then(
    () => '',
    (error: Error) => `${error.name}: ${error.message}`,
  );
  assert.match(said, /^TrainingError: parameters are not finite, and undo of optimizer "mine" left them so/);
});

test('state that could not be loaded again is refused: infinite numbers, rates outside of 0 to 1', async () => {
  const model = await Autoencoder.create({
    ...{ inputs: 3, hidden: 2 },
    sparsity: { kind: 'kl', target: 0.1, weight: 1, average: 0.9 },
  });
  for (const bad of [Number.POSITIVE_INFINITY, -0.1, 1.5]) {
    const { 'code.averageActivation': state } = await model.state();
    (state.data as Float64Array)[1] = bad;
    await assertRefused(
      () => model.setState({ 'code.averageActivation': state }),
      /^state "code\.averageActivation" holds \S+ at index 1: every value must lie from 0 to 1/,
    );
  }
});

test.run();
