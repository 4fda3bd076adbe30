import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, type Matrix, matrix, vector } from '../../src/array/matrix.ts';
import { inspect } from '../../src/measures/inspection.ts';
import { measure } from '../../src/measures/metrics.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import type { BuiltIn } from '../support/activations.ts';
import { assertClose } from '../support/close.ts';
import { assertRefused } from '../support/errors.ts';
import { rowsOf } from '../support/naive-model.ts';
import { layouts, randomView, uniforms } from '../support/views.ts';

type Rows = readonly (readonly number[])[];
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const columnsOf = (rows: Rows) => rows[0].map((_, j) => rows.map((row) => row[j]));

/** Vinje & Gallant's S as they write it; null where it is 0/0. */
function naiveS(r: readonly number[]): number | null {
  const n = r.length;
  if (n === 1 || r.every((value) => value === 0)) return null;
  return (1 - mean(r) ** 2 / mean(r.map((value) => value ** 2))) / (1 - 1 / n);
}

const meanS = (all: Rows) => mean(all.map(naiveS).filter((s) => s !== null));

const slopes: Record<BuiltIn, (a: number) => number> = {
  sigmoid: (a) => a * (1 - a),
  tanh: (a) => 1 - a * a,
  relu: (a) => (a > 0 ? 1 : 0),
  softplus: (a) => 1 - Math.exp(-a),
  linear: () => 1,
};

/** A model whose codes are the examples: linear units, or k-sparse ones, with identity weights. */
async function identityModel(d: number, more: Partial<AutoencoderConfig> = {}): Promise<Autoencoder> {
  const model = await Autoencoder.create({
    inputs: d,
    hidden: d,
    activation: 'linear',
    output: 'linear',
    precision: 'float64',
    ...more,
  });
  const identity = matrix(
    Float64Array.from({ length: d * d }, (_, p) => (p % (d + 1) === 0 ? 1 : 0)),
    d,
    d,
  );
  model.setParameters({ 'encoder.weight': identity });
  return model;
}

test('inspect gives the worked values of three examples and four units', async () => {
  const model = await identityModel(4);
  const found = await inspect(
    model,
    fromRows([
      [1, 0, 0, 0], // one of four: S = 1
      [2, -2, 2, 2], // |r| all equal: S = 0
      [3, 1, 0, 0], // mean 1, mean square 2.5: S = (1 − 0.4)/(3/4) = 0.8
    ]),
  );
  assert.is(found.l0, 7 / 3);
  assertClose([found.populationSparsity ?? Number.NaN], [1.8 / 3]);
  // Units over examples: (1, 2, 3): 1 − 4/(14/3) = 1/7, over 2/3: 3/14. (0, 2, 1): 1 − 1/(5/3) = 2/5, over 2/3: 3/5.
  assertClose(
    found.lifetimeSparsityOfUnits.map((s) => s ?? Number.NaN),
    [3 / 14, 3 / 5, 1, 1],
  );
  assertClose([found.lifetimeSparsity ?? Number.NaN], [(3 / 14 + 3 / 5 + 2) / 4]);
  assert.equal([found.activeShare, found.saturation, found.deadUnits], [null, null, []]);
  assertClose([found.jacobian.mean, found.jacobian.meanSquare], [2, 4]); // ∂a/∂x = I
  assert.equal([found.examples, found.units], [3, 4]);
  assert.is(
    found.histogram.counts.reduce((sum, count) => sum + count, 0),
    12,
  );
});

test('inspect agrees with its definitions for every activation, on more examples than are computed at a time', async () => {
  for (const activation of Object.keys(slopes) as BuiltIn[]) {
    const model = await Autoencoder.create({ inputs: 4, hidden: 5, activation, precision: 'float64' });
    const weight = matrix(uniforms(20, 3, -3, 3), 5, 4);
    model.setParameters({ 'encoder.weight': weight, 'encoder.bias': vector(uniforms(5, 4, -2, 2)) });
    const x = randomView(2100, 4, 'strided', 'float64', 1);
    const codes = rowsOf(await model.encode(x));
    const rate: (a: number) => number =
      { sigmoid: (a: number) => a, tanh: (a: number) => (a + 1) / 2 }[activation as string] ?? Math.abs;
    const r = codes.map((row) => row.map(rate));
    const squares = codes.map((row) =>
      row.reduce((sum, a, j) => {
        const norm2 = [0, 1, 2, 3].reduce((all, i) => all + weight.get(j, i) ** 2, 0);
        return sum + slopes[activation](a) ** 2 * norm2;
      }, 0),
    );
    const found = await inspect(model, x);
    assert.is(found.l0, mean(codes.map((row) => row.filter((a) => a !== 0).length)), activation);
    assertClose([found.populationSparsity ?? Number.NaN], [meanS(r)]);
    assertClose([found.lifetimeSparsity ?? Number.NaN], [meanS(columnsOf(r))]);
    assertClose([found.jacobian.mean, found.jacobian.meanSquare], [mean(squares.map(Math.sqrt)), mean(squares)]);
    const all = r.flat();
    const share = (holds: (value: number) => boolean) => all.filter(holds).length / all.length;
    if (activation === 'sigmoid' || activation === 'tanh') {
      const [low, high] = [share((value) => value < 0.05), share((value) => value > 0.95)];
      assert.ok(low > 0 && high > 0, 'the test saturates units');
      assertClose([found.saturation?.low ?? 9, found.saturation?.high ?? 9], [low, high]);
      assertClose([found.saturation?.share ?? 9], [low + high]);
      assertClose([found.activeShare ?? 9], [share((value) => value > 0.5)]);
    } else {
      assert.equal([found.saturation, found.activeShare], [null, null]);
    }
  }
});

test('inspect counts every activation in the bin that holds it', async () => {
  for (const activation of ['sigmoid', 'tanh', 'relu', 'linear'] as const) {
    const model = await Autoencoder.create({ inputs: 4, hidden: 5, activation, precision: 'float64' });
    const x = randomView(1500, 4, 'rows', 'float64', 2, -6, 6);
    const values = rowsOf(await model.encode(x)).flat();
    const { edges, counts } = (await inspect(model, x)).histogram;
    const naive = counts.map(
      (_, i) =>
        values.filter((a) => a >= edges[i] && (a < edges[i + 1] || (i === counts.length - 1 && a === edges[i + 1])))
          .length,
    );
    assert.equal(counts, naive, activation);
    assert.is(edges.length, counts.length + 1);
    const ends = { sigmoid: [0, 1], tanh: [-1, 1] }[activation as string];
    if (ends !== undefined) assert.equal([edges[0], edges[64]], ends);
    else assert.ok(counts.length > 20 && counts.length <= 64);
  }
});

test('inspect of k-sparse units: what encoding keeps, silent at 0 whatever the activation', async () => {
  for (const activation of ['linear', 'tanh', 'sigmoid'] as const) {
    const model = await Autoencoder.create({
      inputs: 4,
      hidden: 6,
      activation,
      sparsity: { kind: 'k-sparse', k: 1, alpha: 2 },
      precision: 'float64',
    });
    const bias = vector(Float64Array.of(-90, 0, 0, 0, 0, 0)); // the first unit is never kept
    model.setParameters({ 'encoder.bias': bias });
    const x = randomView(40, 4, 'rows', 'float64', 5);
    const codes = rowsOf(await model.encode(x));
    const norms = rowsOf((await model.parameters())['encoder.weight'] as Matrix).map((row) =>
      row.reduce((sum, w) => sum + w * w, 0),
    );
    const squares = codes.map((row) =>
      row.reduce((sum, a, j) => sum + (a === 0 ? 0 : slopes[activation](a) ** 2 * norms[j]), 0),
    );
    const found = await inspect(model, x);
    assert.is(found.l0, 2, activation);
    assert.equal([found.activeShare, found.saturation], [null, null]);
    assertClose([found.populationSparsity ?? Number.NaN], [meanS(codes.map((row) => row.map(Math.abs)))]);
    assertClose([found.jacobian.mean, found.jacobian.meanSquare], [mean(squares.map(Math.sqrt)), mean(squares)]);
    assert.ok(found.deadUnits.includes(0));
    assert.is(found.lifetimeSparsityOfUnits[0], null);
  }
});

test('inspect of codes that are all zero: no sparsity is defined, all units are dead, one bin', async () => {
  const model = await identityModel(3, { activation: 'relu' });
  const found = await inspect(
    model,
    fromRows([
      [-1, 0, -2],
      [0, 0, 0],
    ]),
  );
  assert.equal(
    [found.l0, found.populationSparsity, found.lifetimeSparsity, found.lifetimeSparsityOfUnits],
    [0, null, null, [null, null, null]],
  );
  assert.equal([found.deadUnits, found.jacobian], [[0, 1, 2], { mean: 0, meanSquare: 0 }]);
  assert.equal(found.histogram, { edges: [-0.5, 0.5], counts: [6] });
});

test('inspect of one unit, and of one example: that sparsity is not defined', async () => {
  const unit = await inspect(await identityModel(1), fromRows([[1], [0], [0]]));
  assert.equal([unit.populationSparsity, unit.lifetimeSparsity], [null, 1]);
  const example = await inspect(await identityModel(2), fromRows([[5, 0]]));
  assert.equal([example.populationSparsity, example.lifetimeSparsity], [1, null]);
});

test('inspect of a deep model: the codes of its last hidden layer, the Jacobian of its first', async () => {
  const model = await Autoencoder.create({ inputs: 4, hidden: [5, 2], activation: ['sigmoid', 'relu'] });
  const { units, jacobian, histogram, saturation } = await inspect(model, randomView(7, 4, 'rows', 'float32', 1));
  const shallow = await Autoencoder.create({ inputs: 4, hidden: 5 });
  const parameters = await model.parameters();
  shallow.setParameters({
    'encoder.weight': parameters['encoder.0.weight'],
    'encoder.bias': parameters['encoder.0.bias'],
  });
  assert.equal(jacobian, (await inspect(shallow, randomView(7, 4, 'rows', 'float32', 1))).jacobian);
  assert.equal([units, histogram.counts.reduce((sum, count) => sum + count, 0), saturation], [2, 14, null]);
});

test('inspect sees the same whatever the layout, and is plain JSON', async () => {
  const model = await Autoencoder.create({ inputs: 4, hidden: 3, activation: 'tanh' });
  const expected = await inspect(model, randomView(9, 4, 'rows', 'float64', 1));
  for (const layout of layouts) assert.equal(await inspect(model, randomView(9, 4, layout, 'float64', 1)), expected);
  assert.equal(JSON.parse(JSON.stringify(expected)), expected);
});

test('inspect refuses examples that do not fit, and activations that overflow', async () => {
  const model = await Autoencoder.create({ inputs: 4, hidden: 3 });
  await assertRefused(() => inspect(model, fromRows([[1, 2]])), /^x has shape \(1, 2\): it must be \(m, 4\)/);
  const linear = await identityModel(2, { precision: 'float32' });
  linear.setParameters({
    'encoder.weight': fromRows([
      [1, 0],
      [0, 1e30],
    ]),
  });
  await assertRefused(() => inspect(linear, fromRows([[1, 1e30]])), /^the model gives Infinity for example 0: /);
});

test('inspect and measure name the example of a later chunk, and leave nothing behind', async () => {
  const model = await Autoencoder.create({ inputs: 1, hidden: 1, activation: 'linear', output: 'linear', tied: true });
  model.setParameters({ 'encoder.weight': matrix(Float32Array.of(1e10), 1, 1) });
  const data = new Float32Array(600).fill(1);
  const x = matrix(data, 600, 1);
  await model.reconstruct(matrix(data, 256, 1)); // buffers for a chunk
  await inspect(model, x);
  const held = model.memory().total;
  data[275] = 1e30; // its code overflows
  for (let i = 0; i < 5; i++)
    await assertRefused(() => inspect(model, x), /^the model gives Infinity for example 275:/);
  assert.is(model.memory().total, held);
  await assertRefused(() => measure(model, x), /^the model gives Infinity for example 275:/);
  data[275] = 1e20; // its reconstruction does
  await assertRefused(() => measure(model, x), /^the model gives Infinity for example 275:/);
});

test.run();
