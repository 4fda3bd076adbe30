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
async function added(precision: Precision, delta: Matrix, z: Matrix, y: Matrix, m = z.shape[0]): Promise<number> {
  const results = kernels[precision].allocateResults(3);
  kernels[precision].softmaxCrossEntropy(delta, results, 1, z, y, m);
  const [before, value, after] = await kernels[precision].read(results);
  assert.equal([before, after], [0, 0]);
  return value;
}

/** Value and delta of one example. */
async function single(z: readonly number[], y: readonly number[], precision: Precision = 'float64') {
  const delta = place(1, z.length, 'rows', precision, nan);
  const logits = place(1, z.length, 'rows', precision, (_, j) => z[j]);
  const target = place(1, z.length, 'rows', precision, (_, j) => y[j]);
  return { value: await added(precision, delta, logits, target), delta: rowsOf(delta)[0] };
}

test('softmaxCrossEntropy adds the mean of −log p and writes p − y, for one-hot rows of any layout', async () => {
  await eachCase(async (rows, classes, layout, other, precision) => {
    const m = rows + 2; // the rows are a part of the batch
    const z = randomView(rows, classes, other, precision, 1, -4, 4);
    const y = place(rows, classes, layout, precision, (i, j) => (j === (3 * i) % classes ? 1 : 0));
    const logits = rowsOf(z);
    const expected = logits.reduce((sum, row, i) => sum - Math.log(naive(row, (3 * i) % classes)), 0) / m;
    const deltas = table(rows, classes, (i, j) => naive(logits[i], j) - y.get(i, j));
    const delta = place(rows, classes, layout, precision, nan);
    const limit = { rtol: 0, atol: precision === 'float32' ? 2 ** -23 : 1e-14 };
    const value = classes === 0 ? 0 : expected;
    assertClose([await added(precision, delta, z, y, m)], [value], { rtol: 1e-12, atol: 1e-13 });
    assertClose(delta, deltas, limit);
    assertClose([await added(precision, z, z, y, m)], [value], { rtol: 1e-12, atol: 1e-13 }); // out === in
    assertClose(z, deltas, limit);
    for (const view of [delta, y, z]) assertGuard(view);
  });
});

test('softmaxCrossEntropy works by hand: logits (0, log 2, log 5) give p = (1, 2, 5)/8', async () => {
  const { value, delta } = await single([0, Math.log(2), Math.log(5)], [0, 1, 0]);
  assertClose([value, ...delta], [Math.log(4), 1 / 8, 2 / 8 - 1, 5 / 8]);
});

test('softmaxCrossEntropy has the derivative that central differences show', async () => {
  const step = 1e-5;
  const z = [0.3, -1.2, 2.1, 0];
  const y = [0, 0, 1, 0];
  const { delta } = await single(z, y);
  const numeric = await Promise.all(
    z.map(async (_, j) => {
      const at = async (h: number) =>
        (
          await single(
            z.map((value, i) => value + (i === j ? h : 0)),
            y,
          )
        ).value;
      return ((await at(step)) - (await at(-step))) / (2 * step);
    }),
  );
  assertClose(delta, numeric, { rtol: 0, atol: 1e-9 });
});

test('softmaxCrossEntropy is finite and right at logits of ±1000', async () => {
  for (const precision of precisions) {
    assert.equal(await single([1000, -1000, 0], [1, 0, 0], precision), { value: 0, delta: [0, 0, 0] });
    assert.equal(await single([1000, -1000, 0], [0, 1, 0], precision), { value: 2000, delta: [1, -1, 0] });
    const even = await single([-1000, -1000, -1000, -1000], [0, 0, 1, 0], precision);
    assert.is(even.value, Math.log(4));
    assert.equal(even.delta, [0.25, 0.25, -0.75, 0.25]);
  }
});

test('softmaxCrossEntropy does not change when a constant is added to all logits', async () => {
  const z = [1, 3, -2];
  const shifted = await single(
    z.map((value) => value + 64),
    [0, 0, 1],
  );
  const plain = await single(z, [0, 0, 1]);
  assertClose([shifted.value, ...shifted.delta], [plain.value, ...plain.delta], { rtol: 1e-14 });
});

test('softmaxCrossEntropy passes a NaN on to value and derivative', async () => {
  const { value, delta } = await single([0, Number.NaN, 1], [1, 0, 0]);
  assert.ok(Number.isNaN(value) && delta.every(Number.isNaN));
});

test('softmax writes exp z / Σ exp z of each row, for every layout, in place and not', async () => {
  await eachCase((rows, classes, layout, other, precision) => {
    const z = randomView(rows, classes, other, precision, 1, -4, 4);
    const logits = rowsOf(z);
    const expected = table(rows, classes, (i, j) => naive(logits[i], j));
    const out = place(rows, classes, layout, precision, nan);
    const limit = { rtol: precision === 'float32' ? 2 ** -22 : 1e-13, atol: 0 };
    kernels[precision].softmax(out, z);
    assertClose(out, expected, limit);
    assertGuard(out);
    assert.equal(rowsOf(z), logits);
    kernels[precision].softmax(z, z);
    assert.equal(rowsOf(z), rowsOf(out));
    assertGuard(z);
  });
});

test('softmax works by hand, is right at logits of ±1000, does not change with a constant, and passes a NaN on', () => {
  for (const precision of precisions) {
    const of = (...z: number[]) => {
      const out = place(1, z.length, 'rows', precision, (_, j) => z[j]);
      kernels[precision].softmax(out, out);
      return rowsOf(out)[0];
    };
    const limit = { rtol: precision === 'float32' ? 2 ** -22 : 1e-14 };
    assertClose(of(0, Math.log(2), Math.log(5)), [1 / 8, 2 / 8, 5 / 8], limit);
    assert.equal(of(1000, -1000, 0), [1, 0, 0]);
    assert.equal(of(-1000, -1000, -1000, -1000), [0.25, 0.25, 0.25, 0.25]);
    assert.equal(of(65, 67, 62), of(1, 3, -2));
    assert.ok(of(0, Number.NaN, 1).every(Number.isNaN));
  }
});

test.run();
