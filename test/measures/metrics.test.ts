import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, matrix, vector } from '../../src/array/matrix.ts';
import { measure } from '../../src/measures/metrics.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { assertClose } from '../support/close.ts';
import { assertRefused } from '../support/errors.ts';
import { rowsOf } from '../support/naive-model.ts';
import { layouts, randomView } from '../support/views.ts';

const config: AutoencoderConfig = { inputs: 4, hidden: 3, precision: 'float64' };
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const column = (rows: readonly (readonly number[])[], j: number) => rows.map((row) => row[j]);

test('measure agrees with its definitions, for both losses, on more examples than are computed at a time', async () => {
  for (const loss of ['squared-error', 'cross-entropy'] as const) {
    const model = await Autoencoder.create({ ...config, loss });
    const x = randomView(1500, 4, 'strided', 'float64', 1, 0, 1);
    const rows = rowsOf(x);
    const back = rowsOf(await model.reconstruct(x));
    const codes = rowsOf(await model.encode(x));
    const squares = rows.map((row, k) => row.reduce((sum, value, i) => sum + (value - back[k][i]) ** 2, 0));
    const entropies = rows.map((row, k) =>
      row.reduce((sum, v, i) => sum - v * Math.log(back[k][i]) - (1 - v) * Math.log(1 - back[k][i]), 0),
    );
    const centre = rows[0].map((_, i) => mean(column(rows, i)));
    const spread = rows.map((row) => row.reduce((sum, value, i) => sum + (value - centre[i]) ** 2, 0));
    const actual = await measure(model, x);
    const error = loss === 'squared-error' ? mean(squares) / 2 : mean(entropies);
    assertClose([actual.reconstructionError], [error]);
    assertClose([actual.squaredError], [mean(squares)]);
    assertClose([actual.varianceUnexplained], [mean(squares) / mean(spread)]);
    assertClose(
      actual.meanActivations,
      [0, 1, 2].map((j) => mean(column(codes, j))),
    );
    assert.equal([actual.deadUnits, actual.saturatedUnits], [[], []]);
  }
});

test('measure sees the same whatever the layout', async () => {
  const model = await Autoencoder.create(config);
  const expected = await measure(model, randomView(9, 4, 'rows', 'float64', 1, 0, 1));
  for (const layout of layouts) {
    assert.equal(await measure(model, randomView(9, 4, layout, 'float64', 1, 0, 1)), expected);
  }
});

test('measure finds dead and saturated units of sigmoid and tanh, and maps rates of tanh', async () => {
  for (const activation of ['sigmoid', 'tanh'] as const) {
    const model = await Autoencoder.create({ ...config, activation });
    model.setParameters({ 'encoder.bias': vector(Float64Array.of(-20, 0, 20)) });
    const { deadUnits, saturatedUnits, meanActivations } = await measure(
      model,
      randomView(20, 4, 'rows', 'float64', 1),
    );
    assert.equal([deadUnits, saturatedUnits], [[0], [2]]);
    assert.ok(meanActivations[0] < 0.01 && meanActivations[2] > 0.99);
    assert.ok(meanActivations[1] > 0.2 && meanActivations[1] < 0.8);
  }
});

test('measure calls a unit dead only if no example moves it, saturated only if none switches it off', async () => {
  const model = await Autoencoder.create(config);
  const weight = matrix(Float64Array.of(40, 0, 0, 0, -40, 0, 0, 0, 0, 0, 0, 0), 3, 4);
  model.setParameters({ 'encoder.weight': weight, 'encoder.bias': vector(Float64Array.of(-20, 20, 0)) });
  const off = [0, 0, 0, 0];
  const on = [1, 0, 0, 0];
  const still = await measure(model, fromRows([off, off, off]));
  assert.equal([still.deadUnits, still.saturatedUnits], [[0], [1]]);
  const moved = await measure(model, fromRows([off, off, on]));
  assert.equal([moved.deadUnits, moved.saturatedUnits], [[], []]);
});

test('measure finds dead units of relu by activations of 0, and calls none saturated', async () => {
  const model = await Autoencoder.create({ ...config, activation: 'relu' });
  model.setParameters({ 'encoder.bias': vector(Float64Array.of(-20, 20, 20)) });
  const { deadUnits, saturatedUnits, meanActivations } = await measure(model, randomView(20, 4, 'rows', 'float64', 1));
  assert.equal([deadUnits, saturatedUnits, meanActivations[0]], [[0], [], 0]);
  assert.ok(meanActivations[1] > 10);
});

test('measure calls a k-sparse unit dead where it is never kept, whatever the activation', async () => {
  for (const activation of ['linear', 'tanh', 'sigmoid'] as const) {
    const model = await Autoencoder.create({ ...config, activation, sparsity: { kind: 'k-sparse', k: 2 } });
    model.setParameters({ 'encoder.bias': vector(Float64Array.of(-20, 0, 0)) });
    assert.equal((await measure(model, randomView(20, 4, 'rows', 'float64', 1))).deadUnits, [0], activation);
  }
});

test('measure of a perfect reconstruction is 0, of the mean alone 1', async () => {
  const linear = await Autoencoder.create({ ...config, hidden: 4, activation: 'linear', output: 'linear' });
  const identity = matrix(
    Float64Array.from({ length: 16 }, (_, p) => (p % 5 === 0 ? 1 : 0)),
    4,
    4,
  );
  linear.setParameters({ 'encoder.weight': identity, 'decoder.weight': identity });
  const x = randomView(30, 4, 'rows', 'float64', 1);
  const perfect = await measure(linear, x);
  assert.equal([perfect.reconstructionError, perfect.squaredError, perfect.varianceUnexplained], [0, 0, 0]);
  const centre = Float64Array.from({ length: 4 }, (_, i) => mean(column(rowsOf(x), i)));
  linear.setParameters({ 'decoder.weight': matrix(new Float64Array(16), 4, 4), 'decoder.bias': vector(centre) });
  assertClose([(await measure(linear, x)).varianceUnexplained], [1]);
});

test('measure has no variance to explain where x is constant: NaN', async () => {
  const model = await Autoencoder.create(config);
  for (const value of [0.5, 0.1]) {
    const row = [value, value, value, value];
    assert.ok(Number.isNaN((await measure(model, fromRows([row, row, row]))).varianceUnexplained), `at ${value}`);
  }
});

test('measure refuses examples that do not fit the model', async () => {
  const model = await Autoencoder.create({ ...config, loss: 'cross-entropy' });
  await assertRefused(() => measure(model, fromRows([[1, 2]])), /^x has shape \(1, 2\): it must be \(m, 4\)/);
  await assertRefused(() => measure(model, fromRows([[0, 0, 0, 2]])), /^x is 2 in row 0, column 3: cross-entropy/);
});

test.run();
