import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AutoencoderConfig, parseConfig, sparsitiesOf } from '../../src/model/config.ts';
import { assertRefused } from '../support/errors.ts';

const base = { inputs: 4, hidden: 2 };
/** Parses what the types forbid, too. */
const parse = (config: unknown) => parseConfig(config as AutoencoderConfig);
const refused = (config: unknown, message: string | RegExp) => assertRefused(() => parse(config), message);

test('parseConfig fills in every default', () => {
  assert.equal(parse(base), {
    inputs: 4,
    hidden: [2],
    activation: 'sigmoid',
    output: 'sigmoid',
    loss: 'squared-error',
    tied: false,
    weightDecay: 0,
    weightL1: 0,
    sparsity: null,
    contraction: { weight: 0, layer: 0 },
    corruption: null,
    emphasis: null,
    initialization: { kind: 'uniform' },
    center: false,
    prefixes: null,
    unitNorm: false,
    auxiliary: null,
    targets: 4,
    skip: false,
    precision: 'float32',
    seed: 1,
  });
});

test('parseConfig keeps everything that is given, and gives the same when it reads its own JSON', () => {
  const config = {
    inputs: 9,
    hidden: [6, 3],
    activation: 'tanh',
    output: 'linear',
    loss: 'squared-error',
    tied: true,
    weightDecay: 0.25,
    weightL1: 0.125,
    sparsity: { kind: 'kl', target: 0.2, weight: 0, layer: 0 },
    contraction: { weight: 0.5, layer: 1 },
    corruption: { kind: 'masking', fraction: 0.25, exact: false },
    emphasis: { corrupted: 1, untouched: 0.5 },
    initialization: { kind: 'normal', deviation: 0.02 },
    center: false,
    prefixes: null,
    unitNorm: false,
    auxiliary: null,
    targets: 9,
    skip: false,
    precision: 'float64',
    seed: 0,
  };
  assert.equal(parse(config), config);
  assert.equal(parse(JSON.parse(JSON.stringify(parse(base)))), parse(base));
  assert.equal(parse({ ...base, weightDecay: undefined, sparsity: undefined }), parse(base));
});

test('parseConfig fills in the defaults of dictionaries, and keeps what is given', () => {
  const sparsity = { kind: 'top-k', k: 1 };
  const plain = parse({ ...base, sparsity });
  assert.equal([plain.activation, plain.output, plain.tied], ['relu', 'linear', false]);
  assert.equal(plain.initialization, { kind: 'dictionary' });
  assert.equal(parse({ ...base, prefixes: [1, 2] }).prefixes, { widths: [1, 2], weights: 'mean' });
  const config = {
    ...plain,
    center: 'geometric-median',
    prefixes: { widths: [1, 2], weights: 'sum' },
    unitNorm: true,
    auxiliary: { kind: 'aux-k', k: 2, weight: 0.5, deadAfter: 9, variant: 'openai' },
  };
  assert.equal(parse(config), config);
  const transcoder = { ...plain, targets: 3, skip: true };
  assert.equal(parse(transcoder), transcoder);
});

test('parseConfig puts a penalty on the last hidden layer unless told', () => {
  const sparsity = { kind: 'l1', weight: 1 };
  assert.is(sparsitiesOf(parse({ ...base, sparsity }))[0].layer, 0);
  assert.is(sparsitiesOf(parse({ ...base, hidden: [5, 4, 3], sparsity }))[0].layer, 2);
  const told = parse({ ...base, hidden: [5, 4, 3], sparsity: { ...sparsity, layer: 1 } });
  assert.is(sparsitiesOf(told)[0].layer, 1);
});

test('parseConfig shares nothing with what it is given', () => {
  const config = { ...base, hidden: [5, 3], sparsity: { kind: 'kl' as const, target: 0.1, weight: 1 } };
  const full = parse(config);
  config.hidden[0] = 99;
  config.sparsity.target = 0.9;
  assert.equal(full.hidden, [5, 3]);
  assert.equal(full.sparsity, { kind: 'kl', target: 0.1, weight: 1, layer: 1 });
});

test('parseConfig accepts the ends of every range', () => {
  for (const config of [
    { ...base, inputs: 1, hidden: 1, seed: 2 ** 53 - 1 },
    { ...base, hidden: [1] },
    { ...base, sparsity: { kind: 'kl', target: 1e-9, weight: 0 } },
    { ...base, activation: 'tanh', sparsity: { kind: 'kl', target: 0.999, weight: 1e9 } },
    { ...base, loss: 'cross-entropy', activation: 'relu', sparsity: { kind: 'l1', weight: 0 } },
    { ...base, sparsity: null },
  ]) {
    assert.is(parse(config).inputs, config.inputs);
  }
});

const whole = 'it must be a whole number, at least 1';
const amount = 'it must be a finite number, at least 0';
const seeds = 'it must be a whole number from 0 to 2^53 − 1';
const units = 'sigmoid, tanh, relu, softplus, linear';
const list = 'a list of one for each hidden layer';

const exact: readonly (readonly [unknown, string])[] = [
  [null, 'config is null: it must be an object such as { inputs: 64, hidden: 25 }'],
  [{ ...base, inputs: 0 }, `config.inputs is 0: ${whole}`],
  [{ ...base, inputs: 1.5 }, `config.inputs is 1.5: ${whole}`],
  [{ ...base, inputs: Number.NaN }, `config.inputs is NaN: ${whole}`],
  [{ ...base, inputs: '4' }, `config.inputs is "4": ${whole}`],
  [{ ...base, hidden: 0 }, `config.hidden is 0: ${whole}`],
  [{ ...base, hidden: '3' }, `config.hidden is "3": ${whole}, or a list of such numbers`],
  [
    { ...base, activation: 'swish' },
    `config.activation is "swish": it must be one of ${units}, or ${list}; one of your own is given as { parts: { activations } }`,
  ],
  [{ ...base, output: 'softmax' }, `config.output is "softmax": it must be one of ${units}`],
  [{ ...base, loss: 'mse' }, 'config.loss is "mse": it must be one of squared-error, cross-entropy'],
  [{ ...base, precision: 'float16' }, 'config.precision is "float16": it must be one of float32, float64'],
  [{ ...base, tied: 1 }, `config.tied is 1: it must be true or false, or ${list}`],
  [{ ...base, weightDecay: -1 }, `config.weightDecay is -1: ${amount}`],
  [{ ...base, weightDecay: Number.NaN }, `config.weightDecay is NaN: ${amount}`],
  [{ ...base, weightDecay: Number.POSITIVE_INFINITY }, `config.weightDecay is Infinity: ${amount}`],
  [{ ...base, seed: -1 }, `config.seed is -1: ${seeds}`],
  [{ ...base, seed: 0.5 }, `config.seed is 0.5: ${seeds}`],
  [{ ...base, seed: 2 ** 53 }, `config.seed is 9007199254740992: ${seeds}`],
  [{ ...base, seed: null }, `config.seed is null: ${seeds}`],
];

for (const [config, message] of exact) {
  test(`parseConfig refuses: ${message}`, () => refused(config, message));
}

test('parseConfig refuses a target ρ outside of (0, 1)', async () => {
  for (const target of [0, 1, -0.1, 1.1, Number.NaN, Number.POSITIVE_INFINITY]) {
    const sparsity = { kind: 'kl', target, weight: 1 };
    await refused({ ...base, sparsity }, `config.sparsity.target is ${target}: it must lie strictly between 0 and 1`);
  }
});

test('parseConfig refuses KL sparsity on units without a rate, and says what to use', async () => {
  for (const activation of ['relu', 'linear', 'softplus']) {
    await refused(
      { ...base, activation, sparsity: { kind: 'kl', target: 0.1, weight: 1 } },
      `config.activation is "${activation}": sparsity kl needs activations with a rate in (0, 1), and ${activation} has none: use sigmoid or tanh units, or sparsity l1`,
    );
  }
});

test('parseConfig refuses cross-entropy without sigmoid outputs', async () => {
  for (const output of ['linear', 'relu', 'tanh', 'softplus']) {
    await refused(
      { ...base, output, loss: 'cross-entropy' },
      `config.output is "${output}" with loss "cross-entropy", which needs outputs in (0, 1): use output "sigmoid", or loss "squared-error"`,
    );
  }
});

test('parseConfig refuses an unknown key and names those that there are', async () => {
  const message =
    'config.lambda is not a known key: the keys here are inputs, hidden, activation, output, loss, tied, weightDecay, weightL1, sparsity, contraction, corruption, emphasis, initialization, center, prefixes, unitNorm, auxiliary, targets, skip, precision, seed';
  await refused({ ...base, lambda: 1 }, message);
  await refused({ ...base, toString: 1 }, /^config\.toString is not a known key/);
});

test('parseConfig refuses an unknown key of a penalty', async () => {
  await refused(
    { ...base, sparsity: { kind: 'l1', weight: 1, target: 0.1 } },
    /^config\.sparsity\.target is not a known/,
  );
  const kl = { kind: 'kl', target: 0.1, weight: 1 };
  await refused({ ...base, sparsity: { ...kl, beta: 3 } }, /^config\.sparsity\.beta is not a known key/);
});

test('parseConfig refuses a layer that is not there', async () => {
  const sparsity = { kind: 'l1', weight: 1 };
  await refused(
    { ...base, hidden: [3, 2], sparsity: { ...sparsity, layer: 2 } },
    /^config\.sparsity\.layer is 2: .* at most 1$/,
  );
  await refused({ ...base, sparsity: { ...sparsity, layer: -1 } }, /^config\.sparsity\.layer is -1: /);
  await refused({ ...base, sparsity: { ...sparsity, layer: 0.5 } }, /^config\.sparsity\.layer is 0\.5: /);
});

test('parseConfig refuses a missing key and says what it must be', async () => {
  await refused({}, /^config\.inputs is missing: /);
  await refused({ inputs: 4 }, /^config\.hidden is missing: /);
  await refused({ ...base, sparsity: {} }, /^config\.sparsity\.kind is missing: /);
  await refused({ ...base, sparsity: { kind: 'kl', weight: 1 } }, /^config\.sparsity\.target is missing: /);
  await refused({ ...base, sparsity: { kind: 'l1' } }, /^config\.sparsity\.weight is missing: /);
});

test('parseConfig refuses hidden layers that are no list of sizes', async () => {
  await refused({ ...base, hidden: [3, 0] }, /^config\.hidden.*at least 1/);
  await refused({ ...base, hidden: [2, '3'] }, /^config\.hidden.*at least 1/);
  await refused({ ...base, hidden: {} }, /^config\.hidden is \{\}: /);
  await refused({ ...base, hidden: [] }, /^config\.hidden is \[\]: .*at least 1/);
});

test('parseConfig refuses what is no object at all', async () => {
  for (const config of [undefined, 5, 'small', [], true]) await refused(config, /^config/);
  for (const sparsity of ['kl', 3, []]) await refused({ ...base, sparsity }, /^config\.sparsity/);
});

test.run();
