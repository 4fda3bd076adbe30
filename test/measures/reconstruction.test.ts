import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, matrix, rowRange } from '../../src/array/matrix.ts';
import { meanRow } from '../../src/measures/mean-row.ts';
import { explainedVariance, explainedVarianceLegacy, meanCosine, normRatio } from '../../src/measures/of-arrays.ts';
import { ReconstructionCounter } from '../../src/measures/reconstruction.ts';
import { assertClose } from '../support/close.ts';
import { assertRefused } from '../support/errors.ts';
import { rowsOf } from '../support/naive-model.ts';
import { layouts, randomView } from '../support/views.ts';

const paper = JSON.parse(readFileSync('data/oracles/metrics-on-paper.json', 'utf8'));
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);

test('on paper: explained variance and shrinkage, the example of norm 0 left out', () => {
  const [x, xhat] = [fromRows(paper.x), fromRows(paper.xhat)];
  assertClose([explainedVariance(x, xhat)], [paper.metrics.EV]);
  assertClose([normRatio(x, xhat)], [paper.metrics.shrinkage]);
  assertClose([meanCosine(x, xhat)], [(1 + 1 + 7.4 / (Math.sqrt(8) * Math.hypot(1.8, 1.9))) / 3]);
});

test('the mean row of bytes has the bits of that of the same numbers as floats, strided too', () => {
  const bytes = Uint8Array.from({ length: 7 * 6 }, (_, i) => (i * i * 37) % 256);
  for (const precision of ['float32', 'float64'] as const) {
    const values = precision === 'float32' ? new Float32Array(42) : new Float64Array(42);
    for (let i = 0; i < 42; i++) values[i] = bytes[i] / 255;
    for (const [shape, stride] of [
      [
        [7, 6],
        [6, 1],
      ],
      [
        [6, 7],
        [1, 6],
      ],
      [
        [4, 3],
        [12, 2],
      ],
    ]) {
      const place = { shape, stride, offset: 0 };
      const found = meanRow({ data: bytes, unit: 255, ...place }, precision);
      assert.equal(found, meanRow({ data: values, ...place }, precision));
      assert.ok(found.varies);
    }
  }
  assert.not(
    meanRow({ data: new Uint8Array(6).fill(9), unit: 255, shape: [3, 2], stride: [2, 1], offset: 0 }, 'float32').varies,
  );
});

test('explained variance is about the mean of the set: answering with the mean gives 0, not 0.98; perfection 1', () => {
  const x = fromRows([
    [10, 0],
    [12, 0],
    [10, 2],
    [12, 2],
  ]);
  const mean = fromRows([1, 2, 3, 4].map(() => [11, 1]));
  assert.is(explainedVariance(x, mean), 0);
  assert.is(explainedVariance(x, x), 1);
  const aboutZero = 1 - 8 / rowsOf(x).reduce((sum, row) => sum + dot(row, row), 0); // the planted mistake
  assertClose([aboutZero], [0.9838709677419355]);
  const y = randomView(300, 3, 'rows', 'float64', 5, 3, 4);
  const means = matrix(new Float64Array(900), 300, 3);
  for (let i = 0; i < 900; i++) means.data[i] = meanRow(y, 'float64').mean[i % 3];
  assert.is(explainedVariance(y, means), 0, 'exactly, whatever the rounding');
});

test('explained variance is the ratio of the sums; the mean of the ratios has a name of its own', () => {
  const x = fromRows([
    [0, 0],
    [2, 0],
    [1, 0.2],
    [1, -0.2],
  ]);
  const xhat = fromRows([
    [0, 0],
    [2, 0],
    [1.1, 0.30000000000000004],
    [0.9, -0.1],
  ]);
  assertClose([explainedVariance(x, xhat)], [0.9807692307692307]);
  assertClose([explainedVarianceLegacy(x, xhat)], [0.75]);
});

test('a bad fit is said: explained variance is not clamped', () => {
  const x = fromRows([
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ]);
  const xhat = fromRows(rowsOf(x).map((row) => row.map((value) => -value / 2)));
  assert.is(explainedVariance(x, xhat), -1.25);
  assert.is(explainedVarianceLegacy(x, xhat), -1.25);
  assert.equal([meanCosine(x, xhat), normRatio(x, xhat)], [-1, 0.5]);
});

test('the legacy form leaves out examples that are the mean, also where the mean is rounded', () => {
  const x = fromRows([[0.1], [0.4], [0.7]]); // their mean is 0.4 but for its last bit
  assert.is.not(meanRow(x, 'float64').mean[0], 0.4);
  assertClose([explainedVarianceLegacy(x, fromRows([[0.1], [9], [0.55]]))], [1 - 0.25 / 2]);
});

test('numbers that are not defined are NaN: constant targets, no example of any length', () => {
  const same = fromRows([
    [0.1, 0.7],
    [0.1, 0.7],
    [0.1, 0.7],
  ]);
  assert.equal([explainedVariance(same, same), explainedVarianceLegacy(same, same)].map(Number.isNaN), [true, true]);
  const none = fromRows([[0], [1e-7]]);
  assert.equal([meanCosine(none, none), normRatio(none, none)].map(Number.isNaN), [true, true]);
  assert.is(meanCosine(fromRows([[1], [2]]), fromRows([[0], [5]])), 0.5, 'an output of 0 points nowhere');
});

test('in the units of the data: outputs divided by the input scale have error 0 and norm ratio 1', () => {
  const [x, scale] = [[3, 4], 0.282842712474619];
  const scaled = fromRows([x.map((value) => value * scale)]); // what the identity dictionary gives
  const output = fromRows([rowsOf(scaled)[0].map((value) => value / scale)]);
  assertClose([normRatio(fromRows([x]), output)], [1]);
  assertClose(rowsOf(output)[0], x);
  assertClose([normRatio(fromRows([x]), scaled)], [scale]);
  const wrong = rowsOf(scaled)[0].reduce((sum, value, i) => sum + (value - x[i]) ** 2, 0);
  assertClose([wrong], [12.857864376269049]);
});

test('measures of reconstruction agree with their definitions, in every layout, with equal bits for any chunks', () => {
  const target = randomView(700, 5, 'rows', 'float64', 1, -1, 3);
  const output = randomView(700, 5, 'rows', 'float64', 2, -1, 3);
  const [y, o] = [rowsOf(target), rowsOf(output)];
  const centre = y[0].map((_, i) => y.reduce((sum, row) => sum + row[i], 0) / 700);
  const minus = (a: readonly number[], b: readonly number[]) => a.map((value, i) => value - b[i]);
  const errors = y.map((row, k) => dot(minus(row, o[k]), minus(row, o[k])));
  const spreads = y.map((row) => dot(minus(row, centre), minus(row, centre)));
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  const norms = (rows: readonly (readonly number[])[]) => rows.map((row) => Math.sqrt(dot(row, row)));
  const expected = [
    1 - sum(errors) / sum(spreads),
    sum(errors.map((error, k) => 1 - error / spreads[k])) / 700,
    sum(y.map((row, k) => dot(row, o[k]) / (norms(y)[k] * norms(o)[k]))) / 700,
    sum(norms(o).map((norm, k) => norm / norms(y)[k])) / 700,
  ];
  const functions = [explainedVariance, explainedVarianceLegacy, meanCosine, normRatio];
  const found = functions.map((f) => f(target, output));
  assertClose(found, expected);
  for (const layout of layouts) {
    const again = functions.map((f) => f(randomView(700, 5, layout, 'float64', 1, -1, 3), output));
    assert.equal(again, found, layout);
  }
  for (const size of [1, 7, 255, 700]) {
    const counter = new ReconstructionCounter(meanRow(target, 'float64'));
    for (let k = 0; k < 700; k += size) {
      const end = Math.min(700, k + size);
      counter.add(rowRange(target, k, end), rowRange(output, k, end));
    }
    const result = counter.result();
    assert.equal(
      [result.explainedVariance, result.explainedVarianceLegacy, result.cosine, result.normRatio],
      found,
      `${size} at a time`,
    );
  }
});

test('measures of reconstruction read bytes by their unit, and refuse what does not fit or overflows', async () => {
  const bytes = matrix(Uint8Array.of(0, 51, 102, 255), 2, 2);
  const values = fromRows([
    [0, 0.2],
    [0.4, 1],
  ]);
  assert.is(explainedVariance({ ...bytes, unit: 255 }, values), 1);
  await assertRefused(
    () => explainedVariance(values, fromRows([[1, 2]])),
    /^output has 1 rows, and target 2: give one/,
  );
  await assertRefused(() => explainedVariance(values, fromRows([[1], [2]])), /^output has shape \(2, 1\): it must be/);
  await assertRefused(() => normRatio(7 as never, values), /^target is 7: it must be an ndarray/);
  assert.is(normRatio([[1, 2]], { data: [1, 2], shape: [1, 2] }), 1);
  await assertRefused(() => meanCosine(fromRows([[Number.NaN]]), fromRows([[1]])), /^target is NaN in row 0, column 0/);
  await assertRefused(
    () => explainedVariance(fromRows([[1e200], [0]]), fromRows([[-1e200], [0]])),
    /^the squared error is Infinity: it overflows float64; scale the data down$/,
  );
});

test.run();
