import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Matrix, type Numbers, type Precision, scalar, toFlat, vector } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { fit } from '../../src/training/fit.ts';
import { deserializeModel, serializeModel } from '../../src/training/model-file.ts';
import { assertClose } from '../support/close.ts';
import { dictionaries } from '../support/dictionaries.ts';
import { rowsOf } from '../support/naive-model.ts';
import { place, precisions, randomView, uniforms } from '../support/views.ts';

const INPUTS = 9;
const bytesOf = ({ buffer, byteOffset, byteLength }: Numbers) =>
  Buffer.from(buffer, byteOffset, byteLength).toString('hex');

async function trained(config: Partial<AutoencoderConfig>, precision: Precision, x: Matrix, target?: Matrix) {
  const model = await Autoencoder.create({ inputs: INPUTS, hidden: 21, precision, ...config });
  await fit(model, x, { epochs: 3, batchSize: 10, optimizer: { kind: 'adam', learningRate: 0.01 }, target });
  return model;
}

const targetOf = ({ targets, skip }: Partial<AutoencoderConfig>, rows: number, precision: Precision) =>
  targets === undefined && !skip ? undefined : randomView(rows, targets ?? INPUTS, 'rows', precision, 8);

for (const [name, config] of Object.entries(dictionaries)) {
  for (const precision of precisions) {
    test(`an example does not see the others, bit for bit: ${name}, ${precision}`, async () => {
      const x = randomView(33, INPUTS, 'rows', precision, 3);
      const model = await trained(config, precision, x, targetOf(config, 33, precision));
      for (const call of ['encode', 'reconstruct'] as const) {
        const all = rowsOf(await model[call](x));
        for (let i = 0; i < 33; i++) {
          const one = toFlat(await model[call](place(1, INPUTS, 'rows', precision, (_, j) => x.get(i, j))));
          assert.is(bytesOf(one), bytesOf((one.constructor as Float32ArrayConstructor).from(all[i])), `${call} ${i}`);
        }
      }
    });

    test(`a file gives the model back, its state and k included, to the bit: ${name}, ${precision}`, async () => {
      const x = randomView(33, INPUTS, 'rows', precision, 3);
      const model = await trained(config, precision, x, targetOf(config, 33, precision));
      const bytes = await serializeModel(model);
      const { model: again } = await deserializeModel(bytes);
      assert.equal(again.config, model.config);
      assert.is(bytesOf(toFlat(await again.encode(x))), bytesOf(toFlat(await model.encode(x))));
      assert.is(bytesOf(toFlat(await again.reconstruct(x))), bytesOf(toFlat(await model.reconstruct(x))));
      assert.equal(await serializeModel(again), bytes);
      const [before, after] = [await model.state(), await again.state()];
      if ('code.threshold' in before) {
        assert.ok(toFlat(before['code.threshold'])[0] > 0);
        assert.equal(toFlat(after['code.threshold']), toFlat(before['code.threshold']));
      }
    });
  }
}

/** Codes of training of a batch-top-k model whose z are the examples: W = D = 1, biases 0. */
async function survivors(k: number, x: Matrix, precision: Precision): Promise<number[][]> {
  const [m, h] = x.shape;
  const model = await Autoencoder.create({ inputs: h, hidden: h, precision, sparsity: { kind: 'batch-top-k', k } });
  const one = place(h, h, 'rows', precision, (i, j) => Number(i === j));
  model.setParameters({ 'encoder.weight': one, 'decoder.weight': one });
  const { gradient } = await model.costAndGradient(x);
  // x̂ = a: what is left of x is the gradient of the decoder's bias, unit by unit; here row by row, through the cost of one.
  const { engine } = model;
  const network = engine.createNetwork();
  const { Loader } = await import('../../src/model/load.ts');
  const { evaluate, firstRows } = await import('../../src/model/engine.ts');
  const pass = new Loader(network).load(x, firstRows(m), 0);
  await evaluate(network, pass);
  const flat = await engine.kernels.copyOut(pass.layers[0].code.a);
  const rows = Array.from({ length: m }, (_, i) => [...flat.subarray(i * h, (i + 1) * h)]);
  const bias = gradient['decoder.bias'];
  assertClose(
    toFlat(bias),
    Array.from({ length: h }, (_, j) => rows.reduce((sum, row, i) => sum + (row[j] - x.get(i, j)) / m, 0)),
    { rtol: 1e-5, atol: 1e-6 },
  );
  return rows;
}

const count = (rows: readonly number[][]) => rows.flat().filter((a) => a !== 0).length;

test('batch-top-k with k = 1.5 and 10 examples has 15 survivors: the largest of the batch', async () => {
  for (const precision of precisions) {
    const x = randomView(10, 8, 'rows', precision, 4, 0.1, 1);
    const rows = await survivors(1.5, x, precision);
    assert.is(count(rows), 15);
    const sorted = [...toFlat(x)].sort((p, q) => q - p);
    assert.equal(
      rows
        .flat()
        .filter((a) => a !== 0)
        .sort((p, q) => q - p),
      sorted.slice(0, 15),
    );
    assert.ok(new Set(rows.map((row) => count([row]))).size > 1, 'rows differ in how many survive');
  }
});

test('batch-top-k: ⌊k·m⌋ survives 0.1·30 = 3 and the like, and fewer positives are all kept', async () => {
  for (const [k, m, expected] of [
    [0.1, 30, 3],
    [0.7, 10, 7],
    [1.1, 10, 11],
    [0.3, 3, 0],
    [0.34, 3, 1],
    [8, 3, 24],
  ] as const) {
    assert.is(
      count(await survivors(k, randomView(m, 8, 'rows', 'float64', 5, 0.1, 1), 'float64')),
      expected,
      `${k}·${m}`,
    );
  }
  const few = place(5, 8, 'rows', 'float64', (i, j) => (i === j ? 1 : -1));
  assert.is(count(await survivors(3, few, 'float64')), 5);
});

test('batch-top-k: of equal values the lower row survives, then the lower column', async () => {
  const equal = place(3, 4, 'rows', 'float32', () => 0.5);
  assert.equal(await survivors(2, equal, 'float32'), [
    [0.5, 0.5, 0.5, 0.5],
    [0.5, 0.5, 0, 0],
    [0, 0, 0, 0],
  ]);
  const mixed = place(3, 4, 'rows', 'float64', (i, j) => (i === 2 && j === 3 ? 0.75 : 0.5));
  assert.equal(await survivors(1, mixed, 'float64'), [
    [0.5, 0.5, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 0.75],
  ]);
});

test('batch-top-k: encoding keeps what is above the threshold, not at it; before training all that is positive', async () => {
  const model = await Autoencoder.create({
    ...{ inputs: 4, hidden: 4, precision: 'float64' },
    sparsity: { kind: 'batch-top-k', k: 1 },
  });
  const one = place(4, 4, 'rows', 'float64', (i, j) => Number(i === j));
  model.setParameters({ 'encoder.weight': one });
  const x = place(1, 4, 'rows', 'float64', (_, j) => [0.5, 0.25, -1, 0.75][j]);
  assert.equal([...toFlat(await model.encode(x))], [0.5, 0.25, 0, 0.75]);
  model.setState({ 'code.threshold': scalar(Float64Array.of(0.5)) });
  assert.equal([...toFlat(await model.encode(x))], [0, 0, 0, 0.75]);
});

test('batch-top-k: the threshold begins at the least survivor and goes a hundredth of the way; empty batches are passed over', async () => {
  const one = place(4, 4, 'rows', 'float64', (i, j) => Number(i === j));
  const model = await Autoencoder.create({
    ...{ inputs: 4, hidden: 4, precision: 'float64' },
    sparsity: { kind: 'batch-top-k', k: 1 },
  });
  model.setParameters({ 'encoder.weight': one, 'decoder.weight': one });
  const still = { kind: 'sgd', learningRate: 1e-300 } as const;
  const step = async (row: number[]) => {
    const x = place(1, 4, 'rows', 'float64', (_, j) => row[j]);
    await fit(model, x, { epochs: 1, optimizer: still });
    return toFlat((await model.state())['code.threshold'])[0];
  };
  assert.is(await step([-1, -2, -3, -4]), 0);
  assert.is(await step([0.5, 0.25, 0, 0]), 0.5);
  assert.is(await step([1, 0.25, 0, 0]), 0.5 + 0.01 * 0.5);
  assert.is(await step([-1, -1, 0, 0]), 0.505);
});

test('matryoshka with one prefix is the plain model, to the bit where sums are the same', async () => {
  const plain: [string, Partial<AutoencoderConfig>][] = [
    ...Object.entries(dictionaries).filter(([, { prefixes, auxiliary }]) => !prefixes && !auxiliary),
    ['sigmoid', { sparsity: { kind: 'kl', target: 0.1, weight: 0.3 } }],
    ['cross-entropy', { loss: 'cross-entropy' }],
    ['tanh output', { output: 'tanh', activation: 'tanh' }],
  ];
  const x = randomView(12, INPUTS, 'rows', 'float64', 6, 0.1, 0.9);
  for (const [name, config] of plain) {
    const results = [];
    for (const prefixes of [null, [21]]) {
      const model = await Autoencoder.create({ inputs: INPUTS, hidden: 21, precision: 'float64', ...config, prefixes });
      model.setParameters({ 'decoder.bias': vector(uniforms(config.targets ?? INPUTS, 2)) });
      const target = targetOf(config, 12, 'float64');
      results.push(await model.costAndGradient(x, target === undefined ? {} : { target }));
    }
    const [without, withOne] = results;
    assertClose([withOne.cost], [without.cost], { rtol: 1e-14 });
    for (const [key, value] of Object.entries(without.gradient)) {
      assertClose(withOne.gradient[key], value, { rtol: 1e-12, atol: 1e-15 });
    }
    assert.ok(without.cost > 0, name);
  }
});

test('aux-k of a batch of one, or of equal examples, is 0: residuals have no spread but rounding', async () => {
  for (const rows of [1, 3]) {
    for (let seed = 1; seed < 30; seed++) {
      const model = await Autoencoder.create({
        ...{ inputs: 5, hidden: 9, precision: 'float64', seed, sparsity: { kind: 'top-k', k: 1 } },
        auxiliary: { kind: 'aux-k', deadAfter: 1, k: 3 },
      });
      const row = uniforms(5, seed);
      const { terms } = await model.costAndGradient(place(rows, 5, 'rows', 'float64', (_, j) => row[j]));
      assert.is(terms.auxiliary, 0, `seed ${seed}: ${terms.auxiliary}`);
    }
  }
});

test.run();
