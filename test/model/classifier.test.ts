import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, matrix, toFlat, vector } from '../../src/array/matrix.ts';
import { fillMask, stream } from '../../src/array/random.ts';
import { corrupt } from '../../src/corruption/corrupt.ts';
import { Classifier } from '../../src/model/classifier.ts';
import { type ClassifierConfig, classifierSpec } from '../../src/model/classifier-config.ts';
import { assertClose } from '../support/close.ts';
import { assertRefused } from '../support/errors.ts';
import { rowsOf } from '../support/naive-model.ts';
import { naiveNetwork } from '../support/naive-network.ts';
import { layouts, randomView } from '../support/views.ts';

const base: ClassifierConfig = { inputs: 5, hidden: [4], classes: 3, precision: 'float64' };
const m = 9;
const x = randomView(m, 5, 'rows', 'float64', 1, 0, 1);
const labels = Uint8Array.from({ length: m }, (_, i) => i % 3);
const oneHot = [...labels].map((label) => [0, 1, 2].map((j) => (j === label ? 1 : 0)));

/** A classifier whose parameters are all uniform on [−1, 1). */
async function create(config: Partial<ClassifierConfig> = {}): Promise<Classifier> {
  const model = await Classifier.create({ ...base, ...config });
  Object.entries(await model.parameters()).forEach(([name, { shape }], i) => {
    const rows = randomView(shape.length === 2 ? shape[0] : 1, shape[shape.length - 1], 'rows', 'float64', 20 + i);
    model.setParameters({ [name]: shape.length === 2 ? rows : rows.pick(0, null) });
  });
  return model;
}

const softmax = (row: readonly number[]) => {
  const total = row.reduce((sum, z) => sum + Math.exp(z), 0);
  return row.map((z) => Math.exp(z) / total);
};

test('Classifier names its parameters; hidden weights are those of an autoencoder, softmax weights small, biases 0', async () => {
  const model = await Classifier.create({ ...base, inputs: 300, hidden: [20, 10] });
  assert.equal(
    Object.entries(await model.parameters()).map(([name, { shape }]) => `${name} ${shape}`),
    [
      'encoder.0.weight 20,300',
      'encoder.0.bias 20',
      'encoder.1.weight 10,20',
      'encoder.1.bias 10',
      'softmax.weight 3,10',
      'softmax.bias 3',
    ],
  );
  const wide = await (await Classifier.create({ ...base, inputs: 2000, hidden: [] })).parameters();
  assert.equal(Object.keys(wide), ['softmax.weight', 'softmax.bias']);
  const weights = [...toFlat(wide['softmax.weight'])];
  assertClose([Math.sqrt(weights.reduce((sum, w) => sum + w * w, 0) / weights.length)], [0.005], { rtol: 0.05 });
  for (const [name, value] of Object.entries(await model.parameters())) {
    if (name.endsWith('bias')) assert.ok(toFlat(value).every((b) => b === 0));
  }
  const r = Math.sqrt(6 / 321);
  const hidden = [...toFlat((await model.parameters())['encoder.0.weight'])].map(Math.abs);
  assert.ok(Math.max(...hidden) <= r && Math.max(...hidden) > 0.95 * r);
});

test('costAndGradient of softmax regression works by hand', async () => {
  // Two classes: p = σ(±(θ₀ − θ₁)·x). At θ = 0: p = 1/2, cost log 2, ∇Θ = (1/m) Σ (p − y) xᵀ + λΘ.
  const model = await Classifier.create({ inputs: 2, hidden: [], classes: 2, weightDecay: 0.5, precision: 'float64' });
  model.setParameters({
    'softmax.weight': fromRows([
      [0, 0],
      [0, 0],
    ]),
  });
  const two = fromRows([
    [1, 2],
    [3, 0],
  ]);
  const zero = await model.costAndGradient(two, [0, 1]);
  assertClose([zero.cost, zero.terms.classification, zero.terms.weightDecay], [Math.log(2), Math.log(2), 0]);
  assertClose(toFlat(zero.gradient['softmax.weight']), [0.5, -0.5, -0.5, 0.5]);
  assertClose(toFlat(zero.gradient['softmax.bias']), [0, 0]);
  // Θ = ((log 3, 0), (0, 0)), one example (1, 0) of class 1: p = (3, 1)/4.
  model.setParameters({
    'softmax.weight': fromRows([
      [Math.log(3), 0],
      [0, 0],
    ]),
  });
  const { cost, terms, gradient } = await model.costAndGradient(fromRows([[1, 0]]), [1]);
  const decay = 0.25 * Math.log(3) ** 2;
  assertClose([cost, terms.classification, terms.weightDecay], [Math.log(4) + decay, Math.log(4), decay]);
  assertClose(toFlat(gradient['softmax.weight']), [0.75 + 0.5 * Math.log(3), 0, -0.75, 0]);
  assertClose(toFlat(gradient['softmax.bias']), [0.75, -0.75]);
});

test('costAndGradient equals sums written out, for no, one and two hidden layers, with each decay', async () => {
  for (const hidden of [[], [4], [4, 3]]) {
    for (const [weightDecay, hiddenWeightDecay] of [
      [0, 0],
      [0.3, 0],
      [0, 0.2],
      [0.3, 0.2],
    ]) {
      const model = await create({ hidden, activation: 'tanh', weightDecay, hiddenWeightDecay });
      const p = await model.parameters();
      const naive = naiveNetwork(classifierSpec(model.config), p, rowsOf(x), oneHot);
      const { cost, terms, gradient } = await model.costAndGradient(x, labels);
      let decay = 0;
      for (const [name, value] of Object.entries(p)) {
        const lambda = name.endsWith('bias') ? 0 : name.startsWith('softmax') ? weightDecay : hiddenWeightDecay;
        const values = [...toFlat(value)];
        decay += (lambda / 2) * values.reduce((sum, w) => sum + w * w, 0);
        const expected = values.map((w, i) => naive.gradient[name][i] + lambda * w);
        assertClose(toFlat(gradient[name]), expected, { rtol: 1e-12, atol: 1e-15 });
      }
      assertClose([terms.classification, terms.weightDecay, cost], [naive.cost, decay, naive.cost + decay]);
    }
  }
});

test('probabilities are the softmax of the logits, and rows sum to 1', async () => {
  for (const hidden of [[], [4], [4, 3]]) {
    for (const precision of ['float64', 'float32'] as const) {
      const model = await create({ hidden, precision });
      const logits = naiveNetwork(classifierSpec(model.config), await model.parameters(), rowsOf(x), oneHot)
        .activations[hidden.length];
      const p = await model.probabilities(x);
      assert.equal(p.shape, [m, 3]);
      const limit = precision === 'float32' ? { rtol: 1e-5 } : {};
      assertClose(p, fromRows(logits.map(softmax)), limit);
      for (const row of rowsOf(p)) assertClose([row.reduce((sum, v) => sum + v, 0)], [1], limit);
    }
  }
});

test('probabilities are finite where logits are huge', async () => {
  const model = await Classifier.create({ inputs: 1, hidden: [], classes: 3 });
  model.setParameters({ 'softmax.weight': fromRows([[1000], [-1000], [1000]]) });
  assert.equal(rowsOf(await model.probabilities(fromRows([[1]]))), [[0.5, 0, 0.5]]);
});

test('classify gives the most probable class, of equal ones the lower; accuracy the share that is right', async () => {
  const model = await Classifier.create({ inputs: 1, hidden: [], classes: 3, precision: 'float64' });
  model.setParameters({
    'softmax.weight': fromRows([[0], [1], [1]]),
    'softmax.bias': vector(Float64Array.of(0, 0, -5)),
  });
  const points = fromRows([[2], [-3], [0], [50]]);
  assert.equal([...(await model.classify(points))], [1, 0, 0, 1]);
  assert.is(await model.accuracy(points, [1, 0, 0, 1]), 1);
  assert.is(await model.accuracy(points, Int32Array.of(1, 0, 1, 2)), 0.5);
  assert.is(await model.accuracy(points, [2, 2, 2, 2]), 0);
});

test('Classifier takes inputs and parameters of any layout, and labels of any type', async () => {
  const model = await create();
  const { cost } = await model.costAndGradient(x, labels);
  for (const layout of layouts) {
    assert.is((await model.costAndGradient(randomView(m, 5, layout, 'float64', 1, 0, 1), [...labels])).cost, cost);
  }
  assert.is((await model.costAndGradient(x, Float64Array.from(labels))).cost, cost);
});

test('setParameters sets what it is given and nothing else', async () => {
  const model = await create();
  const before = await model.parameters();
  model.setParameters({ 'softmax.bias': vector(Float64Array.of(7, 8, 9)) });
  assert.equal([...toFlat((await model.parameters())['softmax.bias'])], [7, 8, 9]);
  assertClose((await model.parameters())['encoder.0.weight'], before['encoder.0.weight'], { rtol: 0, atol: 0 });
  await assertRefused(
    () => model.setParameters({ 'decoder.bias': vector(new Float64Array(3)) }),
    /"decoder\.bias" is unknown/,
  );
});

test('dropout: J is that of units silenced by their draw and scaled by 1/(1 − p), by hand; answers are of all units', async () => {
  const [p, seed, epochs] = [0.4, 5, 0];
  for (const activation of ['sigmoid', 'tanh', 'linear'] as const) {
    const f = { sigmoid: (z: number) => 1 / (1 + Math.exp(-z)), tanh: Math.tanh, linear: (z: number) => z }[activation];
    const model = await create({ hidden: [7, 6], activation, dropout: [p, 0.2], seed });
    const plain = await create({ hidden: [7, 6], activation, seed });
    const parameters = Object.values(await model.parameters()).map((view) => [...toFlat(view)]);
    const layer = (input: number[], weight: number[], bias: number[]) =>
      bias.map((b, i) => b + input.reduce((sum, a, j) => sum + a * weight[i * input.length + j], 0));
    const drop = (a: number[], share: number, row: number, first: number) => {
      const silent = fillMask(
        new Uint8Array(a.length),
        { seed, stream: stream.dropout, counter: epochs + row, first },
        share,
      );
      return a.map((value, j) => (silent[j] === 1 ? 0 : value / (1 - share)));
    };
    const costs = rowsOf(x).map((row, i) => {
      const [w0, b0, w1, b1, w2, b2] = parameters;
      const h0 = drop(layer(row, w0, b0).map(f), p, i, 0);
      const h1 = drop(layer(h0, w1, b1).map(f), 0.2, i, 7);
      return -Math.log(softmax(layer(h1, w2, b2))[labels[i]]);
    });
    const { cost } = await model.costAndGradient(x, labels);
    assertClose([cost], [costs.reduce((sum, c) => sum + c, 0) / m], { rtol: 1e-12 });
    assert.not.equal(cost, (await plain.costAndGradient(x, labels)).cost);
    assert.equal(toFlat(await model.probabilities(x)), toFlat(await plain.probabilities(x)));
  }
});

test('dropout refuses shares that are none, lists of another length, and layers that select', async () => {
  const refused = (config: Partial<ClassifierConfig>, message: RegExp) =>
    assertRefused(() => Classifier.create({ ...base, hidden: [4, 3], ...config }), message);
  for (const dropout of [1, -0.1, Number.NaN, '0.5', [0.5, 1]] as never[])
    await refused({ dropout }, /^config\.dropout(\.1)? is .*: it must be/);
  await refused(
    { dropout: [0.5] },
    /^config\.dropout is \[0\.5\]: the list must have one entry for each of the 2 hidden layers/,
  );
  const layers = [null, { kind: 'k-sparse', k: 2 }] as const;
  await refused(
    { dropout: 0.5, layers, activation: 'linear' },
    /^config\.dropout is 0\.5 and config\.layers\.1\.kind is "k-sparse"/,
  );
  await Classifier.create({ ...base, hidden: [4, 3], dropout: [0.5, 0], layers, activation: 'linear' });
});

test('corruption: J and its gradient are those of the same classifier on examples with that noise; answers are of clean ones', async () => {
  const specs = [
    { kind: 'masking', fraction: 0.4 },
    { kind: 'masking', fraction: 0.4, exact: false },
    { kind: 'salt-and-pepper', fraction: 0.4 },
    { kind: 'gaussian', deviation: 0.3 },
    { kind: 'multiplicative', deviation: 0.3 },
  ] as const;
  const clean = Float64Array.from(toFlat(x));
  for (const corruption of specs) {
    for (const hidden of [[], [4], [4, 3]]) {
      const noisy = await create({ hidden, corruption, seed: 5 });
      const plain = await create({ hidden, seed: 5 });
      const out = clean.slice();
      const rows = Uint32Array.from({ length: m }, (_, i) => i);
      corrupt(corruption, out, null, clean, rows, 5, { seed: 5, epoch: 0 });
      assert.ok(out.some((value, i) => value !== clean[i]));
      const found = await noisy.costAndGradient(x, labels);
      const expected = await plain.costAndGradient(matrix(out, m, 5), labels);
      assertClose([found.cost], [expected.cost]);
      for (const [name, gradient] of Object.entries(found.gradient))
        assertClose(toFlat(gradient), toFlat(expected.gradient[name]));
      assert.equal(toFlat(await noisy.probabilities(x)), toFlat(await plain.probabilities(x)));
    }
  }
});

test.run();
