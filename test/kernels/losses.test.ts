import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Precision, View } from '../../src/array/matrix.ts';
import type { Results } from '../../src/kernels/kernels.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { assertClose } from '../support/close.ts';
import { assertGuard, eachCase, place, precisions, randomView, table } from '../support/views.ts';

const kernels = { float32: createReferenceKernels('float32'), float64: createReferenceKernels('float64') };
type Loss = 'squaredError' | 'crossEntropy';
const nan = () => Number.NaN;
const tolerance = (precision: Precision) => ({ rtol: 1e-13, atol: precision === 'float32' ? 2 ** -22 : 1e-14 });

/** What `use` adds to slot 1 of three slots that hold 10 each before; fails if it touches another slot. */
async function added(precision: Precision, use: (results: Results, slot: number) => void): Promise<number> {
  const results = kernels[precision].allocateResults(3);
  const ten = place(1, 1, 'rows', precision, () => Math.sqrt(10));
  for (let slot = 0; slot < 3; slot++) kernels[precision].dot(results, slot, ten, ten);
  const before = await kernels[precision].read(results);
  use(results, 1);
  const after = await kernels[precision].read(results);
  assert.equal([after[0], after[2]], [before[0], before[2]], 'another slot was changed');
  return after[1] - before[1];
}

/** The loss of one pair and its derivative. */
async function single(
  loss: Loss,
  z: number,
  x: number,
  precision: Precision = 'float64',
): Promise<{ value: number; slope: number }> {
  const out = place(1, 1, 'rows', precision, nan);
  const results = kernels[precision].allocateResults(1);
  const input = place(1, 1, 'rows', precision, () => z);
  kernels[precision][loss](
    out,
    results,
    0,
    input,
    place(1, 1, 'rows', precision, () => x),
    null,
    1,
  );
  return { value: (await kernels[precision].read(results))[0], slope: out.get(0, 0) };
}

/** The definitions of one element: value and derivative. */
const formulas: Record<Loss, (z: number, x: number) => readonly [value: number, slope: number]> = {
  squaredError: (z, x) => [(z - x) ** 2 / 2, z - x],
  crossEntropy: (z, x) => {
    const s = 1 / (1 + Math.exp(-z));
    return [-(x * Math.log(s) + (1 - x) * Math.log(1 - s)), s - x];
  },
};

for (const loss of ['squaredError', 'crossEntropy'] as const) {
  test(`${loss} adds the mean over examples of the sums over coordinates, and writes the derivative without 1/m`, async () => {
    await eachCase(async (rows, columns, layout, other, precision) => {
      const m = rows + 2; // the rows are a part of the batch
      const z = randomView(rows, columns, other, precision, 1, -5, 5);
      const x = randomView(rows, columns, layout, precision, 2, 0, 1);
      const values = table(rows, columns, (i, j) => formulas[loss](z.get(i, j), x.get(i, j))[0]);
      const slopes = table(rows, columns, (i, j) => formulas[loss](z.get(i, j), x.get(i, j))[1]);
      const run = (out: View) =>
        added(precision, (results, slot) => kernels[precision][loss](out, results, slot, z, x, null, m));
      const out = place(rows, columns, layout, precision, nan);
      const expected = values.reduce((sum, value) => sum + value, 0) / m;
      assertClose([await run(out)], [expected], { rtol: 1e-12, atol: 1e-13 });
      assertClose(out, slopes, tolerance(precision));
      assertGuard(out);
      assertClose([await run(z)], [expected], { rtol: 1e-12, atol: 1e-13 }); // out === in
      assertClose(z, slopes, tolerance(precision));
      assertGuard(z);
    });
  });

  test(`${loss} weighs value and derivative of each coordinate of each example by its emphasis`, async () => {
    await eachCase(async (rows, columns, layout, other, precision) => {
      const m = rows + 2;
      const z = randomView(rows, columns, other, precision, 1, -5, 5);
      const x = randomView(rows, columns, layout, precision, 2, 0, 1);
      const e = place(rows, columns, other, precision, (i, j) => [1, 0.5, 0, 2][(2 * i + j) % 4]);
      const values = table(rows, columns, (i, j) => e.get(i, j) * formulas[loss](z.get(i, j), x.get(i, j))[0]);
      const slopes = table(rows, columns, (i, j) => e.get(i, j) * formulas[loss](z.get(i, j), x.get(i, j))[1]);
      const out = place(rows, columns, layout, precision, nan);
      const value = await added(precision, (results, slot) => kernels[precision][loss](out, results, slot, z, x, e, m));
      assertClose([value], [values.reduce((sum, one) => sum + one, 0) / m], { rtol: 1e-12, atol: 1e-13 });
      assertClose(out, slopes, { ...tolerance(precision), rtol: precision === 'float32' ? 2 ** -23 : 1e-13 });
      for (const view of [out, z, x, e]) assertGuard(view);
    });
  });

  test(`${loss} has the derivative that central differences show`, async () => {
    const step = 1e-5;
    for (const z of [-6, -1.2, 0, 0.3, 4]) {
      for (const x of [0, 0.2, 0.5, 1]) {
        const numeric =
          ((await single(loss, z + step, x)).value - (await single(loss, z - step, x)).value) / (2 * step);
        assertClose([(await single(loss, z, x)).slope], [numeric], { rtol: 0, atol: 1e-9 });
      }
    }
  });

  test(`${loss} passes a NaN on to value and derivative`, async () => {
    for (const [z, x] of [
      [Number.NaN, 0.5],
      [0.5, Number.NaN],
    ]) {
      const { value, slope } = await single(loss, z, x);
      assert.ok(Number.isNaN(value) && Number.isNaN(slope));
    }
  });
}

test('crossEntropy is finite and right at logits of ±1000, where log σ(z) is not', async () => {
  for (const precision of precisions) {
    assert.equal(await single('crossEntropy', 1000, 1, precision), { value: 0, slope: 0 });
    assert.equal(await single('crossEntropy', -1000, 0, precision), { value: 0, slope: 0 });
    assert.equal(await single('crossEntropy', 1000, 0, precision), { value: 1000, slope: 1 });
    assert.equal(await single('crossEntropy', -1000, 1, precision), { value: 1000, slope: -1 });
    assert.equal(await single('crossEntropy', 1000, 0.25, precision), { value: 750, slope: 0.75 });
  }
  assert.equal(await single('crossEntropy', 1e308, 1), { value: 0, slope: 0 });
});

test('crossEntropy of a hard target that is met is within rounding of log(1 + e⁻⁴⁰), never below 0', async () => {
  assertClose([(await single('crossEntropy', 40, 1)).value], [Math.exp(-40)], { rtol: 0, atol: 1e-14 });
  assert.ok((await single('crossEntropy', 40, 1)).value >= 0);
  assertClose([(await single('crossEntropy', -40, 0)).value], [Math.exp(-40)], { rtol: 1e-12, atol: 0 });
});

test('crossEntropy is smallest at σ(z) = x, where it is the entropy of x', async () => {
  for (const x of [0.1, 0.5, 0.8]) {
    const { value, slope } = await single('crossEntropy', Math.log(x / (1 - x)), x);
    assertClose([value, slope], [-(x * Math.log(x) + (1 - x) * Math.log(1 - x)), 0], { rtol: 1e-14, atol: 1e-15 });
  }
});

test('squaredError in float32 adds squares up in float64', async () => {
  const out = place(1, 1001, 'rows', 'float32', nan);
  const xHat = place(1, 1001, 'rows', 'float32', (_, j) => (j === 0 ? 4096 : 1));
  const x = place(1, 1001, 'rows', 'float32', () => 0);
  const value = await added('float32', (results, slot) =>
    kernels.float32.squaredError(out, results, slot, xHat, x, null, 1),
  );
  assert.is(value, 2 ** 23 + 500);
});

test.run();
