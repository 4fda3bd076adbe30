import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toFlat } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { fit } from '../../src/training/fit.ts';
import { fitStack, type StackLayer, unroll } from '../../src/training/stack.ts';
import type { BuiltIn } from '../support/activations.ts';
import { assertClose } from '../support/close.ts';
import { assertRefused, errorOf } from '../support/errors.ts';
import { naiveDecode, naiveEncode, rowsOf } from '../support/naive-model.ts';
import { randomView } from '../support/views.ts';

const x = randomView(30, 6, 'rows', 'float64', 1, 0.1, 0.9);
const sgd = { optimizer: { kind: 'sgd', learningRate: 0.3, momentum: 0.5 }, epochs: 3, batchSize: 7 } as const;
const precision = 'float64' as const;
const layers: readonly StackLayer[] = [
  { model: { hidden: 5, precision, corruption: { kind: 'masking', fraction: 0.5 } }, fit: sgd },
  { model: { hidden: 4, precision, tied: true, activation: 'tanh' }, fit: { ...sgd, epochs: 2 } },
  { model: { hidden: 3, precision, output: 'tanh', seed: 9 }, fit: { ...sgd, seed: 77 } },
];
const theta = async (model: Autoencoder) =>
  Object.values(await model.parameters()).flatMap((view) => [...toFlat(view)]);
const untrained = (inputs: number, hidden: number, more: Partial<StackLayer['model']> = {}) =>
  Autoencoder.create({ inputs, precision, seed: 10 * inputs + hidden, ...more, hidden });

/** A model whose biases are not 0. */
async function random(inputs: number, hidden: number, more: Partial<StackLayer['model']> = {}): Promise<Autoencoder> {
  const model = await untrained(inputs, hidden, more);
  for (const [name, { shape }] of Object.entries(await model.parameters())) {
    if (shape.length !== 1) continue;
    const bias = randomView(1, shape[0], 'rows', 'float64', inputs + name.length, -0.5, 0.5).pick(0, null);
    model.setParameters({ [name]: bias });
  }
  return model;
}

test('fitStack trains layer i on the clean codes of layer i − 1, as training by hand does, to the bit', async () => {
  const { models, results } = await fitStack(x, layers);
  let codes = x;
  for (const [i, { model, fit: options }] of layers.entries()) {
    const own = await Autoencoder.create({ seed: 1 + i, ...model, inputs: codes.shape[1] });
    const result = await fit(own, codes, options);
    assert.equal(await theta(models[i]), await theta(own), `layer ${i}`);
    assert.equal(models[i].config, own.config, `layer ${i}`);
    assert.equal(results[i].history, result.history, `layer ${i}`);
    codes = await own.encode(codes);
  }
  assert.equal(
    models.map(({ config }) => [config.inputs, config.hidden[0], config.seed]),
    [
      [6, 5, 1],
      [5, 4, 2],
      [4, 3, 9],
    ],
  );
});

test('fitStack hands no corruption on: a layer on a model that corrupts sees what encode gives', async () => {
  const still = { ...sgd, optimizer: { kind: 'sgd', learningRate: 1e-300 } } as const;
  const second = { model: { hidden: 4, precision }, fit: still };
  const noisy = await fitStack(x, [{ ...layers[0], fit: still }, second]);
  const plain = await fitStack(x, [{ model: { hidden: 5, precision }, fit: still }, second]);
  assert.equal(noisy.results[1].history, plain.results[1].history, 'the same clean codes below');
  assert.not.equal(noisy.results[0].history, plain.results[0].history, 'corruption is seen by its own layer');
});

test('fitStack gives layers of one size different seeds, hence different weights', async () => {
  const twin = { model: { hidden: 6, precision }, fit: { ...sgd, epochs: 1 } };
  const { models } = await fitStack(x, [twin, twin]);
  assert.not.equal(await theta(models[0]), await theta(models[1]));
});

test('fitStack tells the layer beside its progress, layer after layer', async () => {
  const told: number[][] = [];
  await fitStack(x, layers, { onProgress: (layer, { step, steps }) => told.push([layer, step, steps]) });
  const expected = [15, 10, 15].flatMap((steps, i) => Array.from({ length: steps }, (_, s) => [i, s + 1, steps]));
  assert.equal(told, expected);
});

test('fitStack ends with the reason of the signal, at once and in the midst of a layer', async () => {
  const before = new AbortController();
  before.abort(new Error('before'));
  assert.match(String(await errorOf(() => fitStack(x, layers, { signal: before.signal }))), 'before');
  const within = new AbortController();
  const told: number[] = [];
  const onProgress = (layer: number, { step }: { step: number }) => {
    told.push(layer);
    if (layer === 1 && step === 2) within.abort(new Error('within'));
  };
  assert.match(String(await errorOf(() => fitStack(x, layers, { signal: within.signal, onProgress }))), 'within');
  assert.is(told.filter((layer) => layer === 1).length, 2, 'no step after the one that aborted');
  assert.not.ok(told.includes(2));
});

test('fitStack refuses no layers, several hidden layers in one, and k above the units', async () => {
  await assertRefused(() => fitStack(x, []), /no layers/);
  const wrong = [{ model: { hidden: 4, sparsity: { kind: 'k-sparse', k: 5 } }, fit: sgd }] as const;
  await assertRefused(() => fitStack(x, wrong), /config\.sparsity\.k is 5: the layer has 4 units/);
});

/** X̂ of a stack by hand: up through the encoders, down through the decoders. */
async function throughStack(models: readonly Autoencoder[]): Promise<number[][]> {
  let rows = rowsOf(x);
  for (const m of models) rows = naiveEncode(await m.parameters(), rows, m.config.activation as BuiltIn);
  for (const m of [...models].reverse()) {
    const weights = m.config.tied ? 'encoder' : 'decoder';
    rows = naiveDecode(await m.parameters(), rows, m.config.output as BuiltIn, 'decoder', weights);
  }
  return rows;
}

const stacks: [string, () => Promise<Autoencoder[]>][] = [
  ['one layer', async () => [await random(6, 4)]],
  ['sigmoid', async () => [await random(6, 5), await random(5, 3), await random(3, 2)]],
  ['tied', async () => [await random(6, 5, { tied: true }), await random(5, 3, { tied: true })]],
  ['some tied', async () => [await random(6, 5, { tied: true }), await random(5, 3)]],
  [
    'mixed units',
    async () => [
      await random(6, 5, { activation: 'relu', output: 'linear' }),
      await random(5, 3, { activation: 'tanh', output: 'relu' }),
    ],
  ],
];
for (const [name, make] of stacks) {
  test(`unroll reconstructs as decoding through the stack by hand does: ${name}`, async () => {
    const models = await make();
    const deep = await unroll(models);
    assert.equal(
      deep.config.hidden,
      models.map(({ config }) => config.hidden[0]),
    );
    assertClose(toFlat(await deep.reconstruct(x)), (await throughStack(models)).flat());
    assert.is(
      deep.engine.layout.length,
      models.reduce((sum, m) => sum + m.engine.layout.length, 0),
    );
  });
}

test('unroll keeps one k-sparse layer k-sparse, wherever it stands', async () => {
  const kSparse = { sparsity: { kind: 'k-sparse', k: 2, alpha: 1 } } as const;
  for (const below of [true, false]) {
    const models = below
      ? [await random(6, 5, kSparse), await random(5, 3, { activation: 'linear', output: 'linear' })]
      : [await random(6, 5, { activation: 'linear', output: 'linear' }), await random(5, 4, kSparse)];
    const deep = await unroll(models);
    const sparsity = deep.config.sparsity as { kind: string; layer: number; k: number };
    assert.equal([sparsity.kind, sparsity.layer, sparsity.k], ['k-sparse', below ? 0 : 1, 2]);
    const codes = await models[1].encode(await models[0].encode(x));
    assertClose(await deep.encode(x), codes);
    const back = await models[0].decode(await models[1].decode(codes));
    assertClose(await deep.reconstruct(x), back);
  }
});

test('unroll keeps several k-sparse layers k-sparse, each with its own k', async () => {
  const models = [
    await random(6, 5, { sparsity: { kind: 'k-sparse', k: 3 } }),
    await random(5, 4, { sparsity: { kind: 'k-sparse', k: 2 } }),
  ];
  const deep = await unroll(models);
  const codes = await models[1].encode(await models[0].encode(x));
  assertClose(await deep.encode(x), codes);
  assert.ok(rowsOf(codes).every((row) => row.filter((a) => a !== 0).length === 2));
  assertClose(await deep.reconstruct(x), await models[0].decode(await models[1].decode(codes)));
});

test('unroll copies: training the deep model leaves the layers as they are', async () => {
  const models = [await random(6, 5), await random(5, 3)];
  const before = await Promise.all(models.map(theta));
  const deep = await unroll(models);
  const { cost } = await deep.costAndGradient(x);
  await fit(deep, x, { optimizer: { kind: 'lbfgs', iterations: 10 } });
  assert.ok((await deep.costAndGradient(x)).cost < 0.9 * cost);
  assert.equal(await Promise.all(models.map(theta)), before);
});

test('unroll refuses stacks whose sizes, units or depth do not meet', async () => {
  await assertRefused(() => unroll([]), /no models/);
  const [low, high, other] = [await untrained(6, 5), await untrained(5, 3), await untrained(4, 3)];
  await assertRefused(() => unroll([low, other]), /model 1 .* takes 4 inputs, and model 0 has 5 hidden units/);
  const deep = await Autoencoder.create({ inputs: 5, hidden: [4, 3] });
  await assertRefused(() => unroll([low, deep]), /model 1 of the stack has 2 hidden layers/);
  const tanh = await untrained(5, 3, { output: 'tanh' });
  await assertRefused(() => unroll([low, tanh]), /model 1 .* tanh units what model 0 made with sigmoid units/);
  await unroll([low, high]);
});

test.run();
