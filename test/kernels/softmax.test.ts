import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Matrix, Precision } from '../../src/array/matrix.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { assertClose } from '../support/close.ts';
import { rowsOf } from '../support/naive-model.ts';
import { assertGuard, eachCase, place, precisions, randomView, table } from '../support/views.ts';

const kernels = { float32: createReferenceKernels('float32'), float64: createReferenceKernels('float64') };
const nan = () => Number.NaN;
const naive = (row: readonly number[], j: number) =>
  Math.exp(row[j]) / row.reduce((sum, value) => sum + Math.exp(value), 0);

/** What the kernel adds to slot 1 of three; fails if it touches another. */
function added(precision: Precision, delta: Matrix, z: Matrix, y: Matrix): number {
  const results = kernels[precision].allocateResults(3);
  kernels[precision].softmaxCrossEntropy(delta, results, 1, z, y);
  const [before, value, after] = kernels[precision].read(results) as Float64Array;
  assert.equal([before, after], [0, 0]);
  return value;
}

/** Value and delta of one example. */
function single(z: readonly number[], y: readonly number[], precision: Precision = 'float64') {
  const delta = place(1, z.length, 'rows', precision, nan);
  const logits = place(1, z.length, 'rows', precision, (_, j) => z[j]);
  const target = place(1, z.length, 'rows', precision, (_, j) => y[j]);
  return { value: added(precision, delta, logits, target), delta: rowsOf(delta)[0] };
}

test('softmaxCrossEntropy adds the mean of −log p and writes p − y, for one-hot rows of any layout', () => {
  eachCase((rows, classes, layout, other, precision) => {
    if (rows === 0) return; // a mean over no examples
    const z = randomView(rows, classes, other, precision, 1, -4, 4);
    const y = place(rows, classes, layout, precision, (i, j) => (j === (3 * i) % classes ? 1 : 0));
    const logits = rowsOf(z);
    const expected = logits.reduce((sum, row, i) => sum - Math.log(naive(row, (3 * i) % classes)), 0) / rows;
    const deltas = table(rows, classes, (i, j) => naive(logits[i], j) - y.get(i, j));
    const delta = place(rows, classes, layout, precision, nan);
    const limit = { rtol: 0, atol: precision === 'float32' ? 2 ** -23 : 1e-14 };
    const value = classes === 0 ? 0 : expected;
    assertClose([added(precision, delta, z, y)], [value], { rtol: 1e-12, atol: 1e-13 });
    assertClose(delta, deltas, limit);
    assertClose([added(precision, z, z, y)], [value], { rtol: 1e-12, atol: 1e-13 }); // out === in
    assertClose(z, deltas, limit);
    for (const view of [delta, y, z]) assertGuard(view);
  });
});

test('softmaxCrossEntropy works by hand: logits (0, log 2, log 5) give p = (1, 2, 5)/8', () => {
  const { value, delta } = single([0, Math.log(2), Math.log(5)], [0, 1, 0]);
  assertClose([value, ...delta], [Math.log(4), 1 / 8, 2 / 8 - 1, 5 / 8]);
});

test('softmaxCrossEntropy has the derivative that central differences show', () => {
  const step = 1e-5;
  const z = [0.3, -1.2, 2.1, 0];
  const y = [0, 0, 1, 0];
  const { delta } = single(z, y);
  const numeric = z.map((_, j) => {
    const at = (h: number) =>
      single(
        z.map((value, i) => value + (i === j ? h : 0)),
        y,
      ).value;
    return (at(step) - at(-step)) / (2 * step);
  });
  assertClose(delta, numeric, { rtol: 0, atol: 1e-9 });
});

test('softmaxCrossEntropy is finite and right at logits of ±1000', () => {
  for (const precision of precisions) {
    assert.equal(single([1000, -1000, 0], [1, 0, 0], precision), { value: 0, delta: [0, 0, 0] });
    assert.equal(single([1000, -1000, 0], [0, 1, 0], precision), { value: 2000, delta: [1, -1, 0] });
    const even = single([-1000, -1000, -1000, -1000], [0, 0, 1, 0], precision);
    assert.is(even.value, Math.log(4));
    assert.equal(even.delta, [0.25, 0.25, -0.75, 0.25]);
  }
});

test('softmaxCrossEntropy does not change when a constant is added to all logits', () => {
  const z = [1, 3, -2];
  const shifted = single(
    z.map((value) => value + 64),
    [0, 0, 1],
  );
  const plain = single(z, [0, 0, 1]);
  assertClose([shifted.value, ...shifted.delta], [plain.value, ...plain.delta], { rtol: 1e-14 });
});

test('softmaxCrossEntropy passes a NaN on to value and derivative', () => {
  const { value, delta } = single([0, Number.NaN, 1], [1, 0, 0]);
  assert.ok(Number.isNaN(value) && delta.every(Number.isNaN));
});

test.run();
