import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, scalar, toFlat, vector } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { Classifier } from '../../src/model/classifier.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { fit } from '../../src/training/fit.ts';
import type { FitOptions } from '../../src/training/options.ts';
import { assertRefused } from '../support/errors.ts';
import { randomView, uniforms } from '../support/views.ts';

// What today's dictionaries refuse, each with one line that names the key.

const base = { inputs: 6, hidden: 16, precision: 'float64' } as const;
const x = randomView(12, 6, 'rows', 'float64', 2);
const topK = { kind: 'top-k', k: 2 } as const;
const l0 = { kind: 'l0', weight: 0.1 } as const;
const create = (config: object) => Autoencoder.create({ ...base, ...config } as AutoencoderConfig);

const configs: [string, object, RegExp][] = [
  ['k above the width', { sparsity: { kind: 'top-k', k: 17 } }, /^config\.sparsity\.k is 17: .*at most 16$/],
  ['k of a batch above the width', { sparsity: { kind: 'batch-top-k', k: 16.5 } }, /k is 16\.5: .*at most 16$/],
  ['k of 0', { sparsity: { kind: 'top-k', k: 0 } }, /^config\.sparsity\.k is 0/],
  ['k of no whole number', { sparsity: { kind: 'top-k', k: 1.5 } }, /^config\.sparsity\.k is 1\.5/],
  ['k of a batch of 0', { sparsity: { kind: 'batch-top-k', k: 0 } }, /^config\.sparsity\.k is 0/],
  ['k that is no number', { sparsity: { kind: 'batch-top-k', k: Number.NaN } }, /^config\.sparsity\.k is NaN/],
  ['k as text', { sparsity: { kind: 'top-k', k: '2' } }, /^config\.sparsity\.k is "2"/],
  ...[[], [0, 16], [-3, 16], [8, 8, 16], [12, 4, 16], [8, 20], [8], [4.5, 16], [Number.NaN, 16]].flatMap(
    (widths): [string, object, RegExp][] => [
      [`prefixes ${JSON.stringify(widths)}`, { sparsity: topK, prefixes: widths }, /^config\.prefixes is /],
      [`{ widths: ${JSON.stringify(widths)} }`, { sparsity: topK, prefixes: { widths } }, /^config\.prefixes/],
    ],
  ),
  ['prefixes as a number', { sparsity: topK, prefixes: 16 }, /^config\.prefixes is 16/],
  ['weights of prefixes', { prefixes: { widths: [8, 16], weights: 'max' } }, /^config\.prefixes /],
  ['prefixes of a deep model', { hidden: [8, 16], prefixes: [4, 16] }, /^config\.prefixes .*several hidden layers/],
  ['prefixes of tied weights', { tied: true, prefixes: [4, 16] }, /^config\.prefixes .*tied weights/],
  ...[0, -1, 16.5, Number.NaN, Number.POSITIVE_INFINITY].map((target): [string, object, RegExp] => [
    `target-l0 of ${target}`,
    { sparsity: { kind: 'jump-relu', bandwidth: 0.1, penalty: { kind: 'target-l0', weight: 1, target } } },
    /^config\.sparsity\.penalty\.target is /,
  ]),
  ...[0, -0.1, Number.NaN].map((bandwidth): [string, object, RegExp] => [
    `bandwidth ${bandwidth}`,
    { sparsity: { kind: 'jump-relu', bandwidth, penalty: l0 } },
    /^config\.sparsity\.bandwidth is /,
  ]),
  [
    'threshold 0',
    { sparsity: { kind: 'jump-relu', bandwidth: 0.1, threshold: 0, penalty: l0 } },
    /^config\.sparsity\.threshold is 0/,
  ],
  ['jump-relu without a penalty', { sparsity: { kind: 'jump-relu', bandwidth: 0.1 } }, /^config\.sparsity\.penalty/],
  ['a centred transcoder', { targets: 3, sparsity: topK, center: true }, /^config\.center is true with targets/],
  [
    'a centred skip',
    { skip: true, sparsity: topK, center: 'geometric-median' },
    /^config\.center is "geometric-median"/,
  ],
  ['centring of sigmoid outputs', { center: true }, /^config\.center is true with output "sigmoid"/],
  ['a deep transcoder', { hidden: [8, 4], targets: 3 }, /^config\.targets is 3 with several hidden layers/],
  ['a tied transcoder', { tied: true, skip: true }, /^config\.skip is true with tied weights/],
  [
    'a corrupted transcoder',
    { targets: 3, corruption: { kind: 'masking', fraction: 0.3 } },
    /^config\.targets is 3 with corruption/,
  ],
  ['unit norm of tied weights', { tied: true, unitNorm: true }, /^config\.unitNorm is true with tied weights/],
  ['unit norm of a deep model', { hidden: [8, 4], unitNorm: true }, /^config\.unitNorm is true with several/],
  [
    'aux-k without a layer that selects',
    { auxiliary: { kind: 'aux-k' } },
    /^config\.auxiliary is "aux-k" without a layer/,
  ],
  [
    'aux-k beside jump-relu',
    { sparsity: { kind: 'jump-relu', bandwidth: 0.1, penalty: l0 }, auxiliary: { kind: 'aux-k' } },
    /^config\.auxiliary is "aux-k" without a layer/,
  ],
  [
    'k of aux-k above the width',
    { sparsity: topK, auxiliary: { kind: 'aux-k', k: 17 } },
    /^config\.auxiliary\.k is 17/,
  ],
  [
    'aux-k dead after 0',
    { sparsity: topK, auxiliary: { kind: 'aux-k', deadAfter: 0 } },
    /^config\.auxiliary\.deadAfter/,
  ],
  [
    'a weight below 0',
    { sparsity: topK, auxiliary: { kind: 'aux-k', weight: -1 } },
    /^config\.auxiliary\.weight is -1/,
  ],
  [
    'a variant',
    { sparsity: topK, auxiliary: { kind: 'aux-k', variant: 'mine' } },
    /^config\.auxiliary\.variant is "mine"/,
  ],
  ['an auxiliary', { sparsity: topK, auxiliary: { kind: 'aux' } }, /^config\.auxiliary/],
  ['top-k units of sigmoid', { sparsity: topK, activation: 'sigmoid' }, /^config\.activation is "sigmoid"/],
  [
    'gated below sigmoid',
    { sparsity: { kind: 'gated', weight: 0.1 }, output: 'sigmoid' },
    /^config\.sparsity is gated/,
  ],
  [
    'top-k by the norms of a decoder that is elsewhere',
    { hidden: [16, 4], activation: 'relu', sparsity: { ...topK, decoderNorm: true, layer: 0 } },
    /^config\.sparsity\.layer is 0: top-k needs the decoder/,
  ],
  [
    'l1 by the norms of a decoder that is elsewhere',
    { hidden: [16, 4], activation: 'relu', sparsity: { kind: 'l1', weight: 0.1, decoderNorm: true, layer: 0 } },
    /^config\.sparsity\.layer is 0: l1 needs the decoder/,
  ],
  [
    'contraction of what selects',
    { sparsity: topK, contraction: 0.1 },
    /^config\.contraction is 0\.1 on a top-k layer/,
  ],
];

for (const [name, config, message] of configs) {
  test(`refused: ${name}`, () => assertRefused(() => create(config), message));
}

test('prefixes that are rows of no list of numbers are refused', async () => {
  for (const prefixes of [['8', 16], [null], {}, { widths: null }, 'all', true]) {
    await assertRefused(() => create({ sparsity: topK, prefixes }), /^config\.prefixes/);
  }
});

const targets = (rows: number, columns: number) => matrix(uniforms(rows * columns, 4), rows, columns);

test('targets: other rows, other columns, NaN, none, and those of an autoencoder that cannot have them', async () => {
  const transcoder = await create({ targets: 3, sparsity: topK });
  const nan = targets(12, 3);
  nan.set(4, 1, Number.NaN);
  const cases: [Autoencoder, object, RegExp][] = [
    [transcoder, { target: targets(11, 3) }, /target has 11 rows, and x has 12/],
    [transcoder, { target: targets(12, 4) }, /target has shape \(12, 4\)/],
    [transcoder, { target: nan }, /target is NaN in row 4, column 1/],
    [transcoder, {}, /target is missing: the model takes 6 numbers and gives 3/],
    [transcoder, { target: [[1, 2, 3]] }, /target/],
    [await create({ sparsity: topK, center: true }), { target: targets(12, 6) }, /target is given, and config\.center/],
    [
      await create({ corruption: { kind: 'masking', fraction: 0.3 } }),
      { target: targets(12, 6) },
      /target is given, and config\.corruption/,
    ],
  ];
  for (const [model, options, message] of cases) {
    await assertRefused(() => model.costAndGradient(x, options), message);
    await assertRefused(() => fit(model, x, options as FitOptions), message);
  }
  await assertRefused(
    () => fit(transcoder, x, { target: targets(12, 3), validation: x }),
    /options\.validationTarget is missing/,
  );
  await assertRefused(
    () => fit(transcoder, x, { target: targets(12, 3), validationTarget: targets(12, 3) }),
    /^options\.validationTarget is given without options\.validation/,
  );
});

test('a model with a skip connection does not decode codes alone', async () => {
  const model = await create({ sparsity: topK, skip: true });
  await assertRefused(() => model.decode(matrix(new Float64Array(16), 1, 16)), /^decode was called, and config\.skip/);
});

test('classifiers refuse what needs a decoder, and top-k units that are not relu', async () => {
  const layer = (layers: object[], activation = 'relu') =>
    Classifier.create({ inputs: 6, hidden: [8], classes: 2, activation, layers } as never);
  for (const spec of [
    { kind: 'batch-top-k', k: 2 },
    { kind: 'jump-relu', bandwidth: 0.1, penalty: l0 },
    { kind: 'gated', weight: 0.1 },
    { ...topK, decoderNorm: true },
  ]) {
    await assertRefused(() => layer([spec]), /^config\.layers\.0\.kind is .* trained beside a decoder/);
  }
  await assertRefused(() => layer([topK], 'sigmoid'), /^config\.activation is "sigmoid" for layer 0/);
  (await layer([topK])).dispose();
});

test('state: unknown names, other shapes, numbers out of range', async () => {
  const model = await create({ sparsity: { kind: 'batch-top-k', k: 2 }, auxiliary: { kind: 'aux-k' } });
  const counters = new Float64Array(16);
  const cases: [object, RegExp][] = [
    [{ 'code.rate': scalar(Float64Array.of(1)) }, /^state "code\.rate" is unknown: this model has code\.threshold/],
    [{ 'code.threshold': vector(Float64Array.of(1)) }, /^state "code\.threshold" has shape \(1\): it must be \(\)/],
    [{ 'code.threshold': scalar(Float64Array.of(-1)) }, /^state "code\.threshold" holds -1/],
    [{ 'code.threshold': scalar(Float64Array.of(Number.NaN)) }, /^state "code\.threshold" holds NaN/],
    [{ 'code.examplesSinceFired': vector(counters.slice(1)) }, /has shape \(15\): it must be \(16\)/],
    [{ 'code.examplesSinceFired': vector(counters.map((_, j) => -j)) }, /holds -1 at index 1/],
  ];
  for (const [state, message] of cases) await assertRefused(() => model.setState(state as never), message);
  assert.equal(toFlat((await model.state())['code.threshold']), Float64Array.of(0));
  const dead = { weight: 0.1, over: 'dead' } as const;
  const penalty = { kind: 'tanh', weight: 0.1, scale: 4, preActivation: dead } as const;
  const jump = await create({ sparsity: { kind: 'jump-relu', bandwidth: 0.1, penalty } });
  const below = { 'code.examplesSinceFired': vector(counters.map((_, j) => -j)) };
  await assertRefused(() => jump.setState(below), /holds -1 at index 1/);
});

/** What L-BFGS refuses, for its cost or gradient is another at every step. */
const restless: [string, object, RegExp][] = [
  ['batch-top-k', { sparsity: { kind: 'batch-top-k', k: 2 } }, /"code\.threshold" moves from step to step/],
  ['aux-k', { sparsity: topK, auxiliary: { kind: 'aux-k' } }, /^config\.auxiliary is aux-k, whose units/],
  ['jump-relu', { sparsity: { kind: 'jump-relu', bandwidth: 0.1, penalty: l0 } }, /^"jump-relu" learns by estimators/],
  ['gated', { sparsity: { kind: 'gated', weight: 0.1 } }, /^config\.sparsity is gated, whose auxiliary/],
  ['unit norm', { sparsity: topK, unitNorm: true }, /with config\.unitNorm/],
];

test('L-BFGS refuses what moves or estimates, and leaves the model fresh; it takes the others', async () => {
  const optimizer = { kind: 'lbfgs', iterations: 3 } as const;
  for (const [name, config, message] of restless) {
    const model = await create({ ...config, center: true });
    const before = toFlat((await model.parameters())['decoder.bias']);
    await assertRefused(() => fit(model, x, { optimizer }), message);
    assert.equal(toFlat((await model.parameters())['decoder.bias']), before, `${name}: c has not moved`);
    await fit(model, x, { epochs: 1, optimizer: { kind: 'sgd', learningRate: 1e-300 } });
    assert.ok(
      toFlat((await model.parameters())['decoder.bias']).some((c) => c !== 0),
      `${name}: c begins with the run`,
    );
  }
  for (const config of [
    { sparsity: topK },
    { sparsity: topK, center: true, prefixes: [4, 16] },
    { sparsity: { kind: 'gated', weight: 0.1, live: true } },
    { sparsity: { kind: 'l1', weight: 0.1, decoderNorm: true } },
  ]) {
    const { history } = await fit(await create(config), x, { optimizer });
    assert.ok(history[history.length - 1].cost <= history[0].cost);
  }
});

test('a second fit, refused while the first runs, does not move c', async () => {
  const run = async (disturb: boolean) => {
    const model = await create({ sparsity: topK, center: 'geometric-median' });
    const first = fit(model, x, { epochs: 2 });
    if (disturb) {
      const other = randomView(12, 6, 'rows', 'float64', 9, 50, 60);
      await assertRefused(() => fit(model, other, { epochs: 2 }), /^fit was called while/);
    }
    await first;
    return toFlat((await model.parameters())['decoder.bias']);
  };
  assert.equal(await run(true), await run(false));
});

test.run();
