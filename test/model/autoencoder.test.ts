import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, type Matrix, matrix, toFlat, transposed } from '../../src/array/matrix.ts';
import { Autoencoder, type CostAndGradient } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { assertClose } from '../support/close.ts';
import { naiveDecode, naiveEncode, rowsOf } from '../support/naive-model.ts';
import { layouts, randomView } from '../support/views.ts';

const base: AutoencoderConfig = { inputs: 5, hidden: 3, precision: 'float64' };
const examples = (m = 7, seed = 1): Matrix => randomView(m, 5, 'rows', 'float64', seed, 0, 1);
const sparse: AutoencoderConfig = { ...base, weightDecay: 0.01, sparsity: { kind: 'kl', target: 0.1, weight: 2 } };

/** Everything of a gradient in one row. */
function flatten({ gradient }: CostAndGradient): number[] {
  return Object.values(gradient).flatMap((view) => [...toFlat(view)]);
}

/** A model whose biases are not 0. */
async function create(config: Partial<AutoencoderConfig> = {}): Promise<Autoencoder> {
  const model = await Autoencoder.create({ ...base, ...config });
  for (const [name, value] of Object.entries(await model.parameters())) {
    if (!name.endsWith('bias')) continue;
    model.setParameters({ [name]: randomView(1, value.shape[0], 'rows', 'float64', 5).pick(0, null) });
  }
  return model;
}

test('Autoencoder names its parameters, with features as rows', async () => {
  const shapes = async (config: AutoencoderConfig) =>
    Object.entries(await (await Autoencoder.create(config)).parameters()).map(
      ([name, { shape }]) => `${name} ${shape}`,
    );
  assert.equal(await shapes(base), ['encoder.weight 3,5', 'encoder.bias 3', 'decoder.weight 3,5', 'decoder.bias 5']);
  assert.equal(await shapes({ ...base, tied: true }), ['encoder.weight 3,5', 'encoder.bias 3', 'decoder.bias 5']);
  const deep = await shapes({ ...base, hidden: [4, 2] });
  assert.equal(deep.slice(0, 4), [
    'encoder.0.weight 4,5',
    'encoder.0.bias 4',
    'encoder.1.weight 2,4',
    'encoder.1.bias 2',
  ]);
  assert.equal([...deep.slice(4)].sort(), [
    'decoder.0.bias 5',
    'decoder.0.weight 4,5',
    'decoder.1.bias 4',
    'decoder.1.weight 2,4',
  ]);
});

test('Autoencoder starts with biases 0 and weights on ±√(6/(n_in + n_out + 1)), a function of the seed', async () => {
  const wide = { ...base, inputs: 40, hidden: 30, seed: 3 };
  const parameters = await (await Autoencoder.create(wide)).parameters();
  const r = Math.sqrt(6 / 71);
  for (const name of ['encoder.weight', 'decoder.weight']) {
    const weights = [...toFlat(parameters[name])];
    assert.ok(weights.every((w) => Math.abs(w) <= r));
    const variance = weights.reduce((sum, w) => sum + w * w, 0) / weights.length;
    assertClose([variance], [(r * r) / 3], { rtol: 6 * Math.sqrt(0.8 / weights.length) });
  }
  for (const name of ['encoder.bias', 'decoder.bias']) assert.ok(toFlat(parameters[name]).every((b) => b === 0));
  assert.not.equal([...toFlat(parameters['encoder.weight'])], [...toFlat(parameters['decoder.weight'])]);
  const weightOf = async (config: AutoencoderConfig) => [
    ...toFlat((await (await Autoencoder.create(config)).parameters())['encoder.weight']),
  ];
  assert.equal(await weightOf(wide), [...toFlat(parameters['encoder.weight'])]);
  assert.not.equal(await weightOf({ ...wide, seed: 4 }), [...toFlat(parameters['encoder.weight'])]);
});

test('encode, decode and reconstruct agree with sums written out, for every pair of units', async () => {
  for (const [activation, output] of [
    ['sigmoid', 'sigmoid'],
    ['tanh', 'linear'],
    ['relu', 'softplus'],
    ['softplus', 'tanh'],
    ['linear', 'relu'],
  ] as const) {
    for (const tied of [false, true]) {
      const model = await create({ activation, output, tied });
      const x = examples();
      const p = await model.parameters();
      const codes = naiveEncode(p, rowsOf(x), activation);
      const decoded = naiveDecode(p, codes, output, 'decoder', tied ? 'encoder' : 'decoder');
      assertClose(await model.encode(x), fromRows(codes), { atol: 1e-13 });
      assertClose(await model.decode(fromRows(codes)), fromRows(decoded), { atol: 1e-13 });
      assertClose(await model.reconstruct(x), fromRows(decoded), { atol: 1e-13 });
    }
  }
});

test('encode, decode and reconstruct of a deep model run through all its layers, the output units last alone', async () => {
  const model = await create({ hidden: [4, 2], activation: 'tanh', output: 'linear' });
  const p = await model.parameters();
  const codes = naiveEncode(p, naiveEncode(p, rowsOf(examples()), 'tanh', 'encoder.0'), 'tanh', 'encoder.1');
  const decoded = naiveDecode(p, naiveDecode(p, codes, 'tanh', 'decoder.1'), 'linear', 'decoder.0');
  assertClose(await model.encode(examples()), fromRows(codes), { atol: 1e-13 });
  assertClose(await model.decode(await model.encode(examples())), fromRows(decoded), { atol: 1e-13 });
  assertClose(await model.reconstruct(examples()), fromRows(decoded), { atol: 1e-13 });
});

test('encode takes more examples than it computes at a time, and one', async () => {
  const model = await create();
  const x = examples(2500);
  const codes = await model.encode(x);
  assertClose(codes, fromRows(naiveEncode(await model.parameters(), rowsOf(x), 'sigmoid')), { atol: 1e-13 });
  assertClose(await model.encode(x.lo(2499, 0)), codes.lo(2499, 0), { rtol: 0, atol: 0 });
});

test('Autoencoder takes inputs of any layout and type', async () => {
  const model = await create(sparse);
  const x = examples();
  const { cost } = await model.costAndGradient(x);
  const codes = await model.encode(x);
  for (const layout of layouts) {
    const same = randomView(7, 5, layout, 'float64', 1, 0, 1);
    assert.is((await model.costAndGradient(same)).cost, cost);
    assertClose(await model.encode(same), codes, { rtol: 0, atol: 0 });
  }
  const columns = Float64Array.from({ length: 35 }, (_, p) => x.get(p % 7, Math.floor(p / 7)));
  assertClose(await model.encode(transposed(matrix(columns, 5, 7))), codes, { rtol: 0, atol: 0 });
  const bytes = matrix(Uint8Array.of(0, 1, 0, 1, 1), 1, 5);
  assertClose(await model.encode(bytes), await model.encode(fromRows([[0, 1, 0, 1, 1]])), { rtol: 0, atol: 0 });
});

test('Autoencoder gives gradients in float32 that agree with float64 to 1e-5 of their norm', async () => {
  for (const config of [
    sparse,
    { ...sparse, loss: 'cross-entropy' },
    { ...base, hidden: [4, 2], activation: 'tanh' },
  ] as const) {
    const model = await create(config);
    const single = await Autoencoder.create({ ...base, ...config, precision: 'float32' });
    single.setParameters(await model.parameters());
    const expected = await model.costAndGradient(examples(200));
    const actual = await single.costAndGradient(examples(200));
    const [e, a] = [flatten(expected), flatten(actual)];
    const norm = Math.hypot(...e);
    assert.ok(Math.hypot(...e.map((value, i) => value - a[i])) <= 1e-5 * norm);
    assertClose([actual.cost], [expected.cost], { rtol: 1e-6 });
  }
});

test('costAndGradient does not depend on the order of examples beyond rounding, nor on a set given twice', async () => {
  const model = await create(sparse);
  const x = examples(50);
  const shuffled = fromRows(rowsOf(x).sort((a, b) => a[0] - b[0]));
  const expected = await model.costAndGradient(x);
  for (const other of [shuffled, fromRows([...rowsOf(x), ...rowsOf(x)])]) {
    const actual = await model.costAndGradient(other);
    assertClose([actual.cost], [expected.cost]);
    assertClose(flatten(actual), flatten(expected), { rtol: 0, atol: 1e-13 });
  }
});

test('costAndGradient has terms that add up to the cost, and 0 where a term is off', async () => {
  const { cost, terms } = await (await create({ ...sparse, weightL1: 0.1, contraction: 0.3 })).costAndGradient(
    examples(),
  );
  const names = ['reconstruction', 'weightDecay', 'weightL1', 'sparsity', 'contraction'];
  assert.equal(Object.keys(terms), names);
  assertClose([Object.values(terms).reduce((sum, term) => sum + term, 0)], [cost]);
  assert.ok(Object.values(terms).every((term) => term > 0));
  const plain = await (await create()).costAndGradient(examples());
  assert.equal(Object.values(plain.terms), [plain.cost, 0, 0, 0, 0]);
});

test.run();
