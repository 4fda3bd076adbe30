import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Precision } from '../../src/array/matrix.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { assertClose } from '../support/close.ts';
import { assertGuard, eachCase, place, placeVector, randomView, table } from '../support/views.ts';

const kernels = { float32: createReferenceKernels('float32'), float64: createReferenceKernels('float64') };
/** What one rounding to the precision may change. */
const rounding = (precision: Precision) => ({ rtol: precision === 'float32' ? 2 ** -24 : 2 ** -52, atol: 0 });

test('addColumnSums adds α times the sums of columns to what out holds', async () => {
  await eachCase((rows, columns, layout, other, precision) => {
    const out = placeVector(columns, layout, precision, (j) => j + 1);
    const a = randomView(rows, columns, other, precision, 1);
    kernels[precision].addColumnSums(out, a, -0.5);
    const expected = table(1, columns, (_, j) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += a.get(i, j);
      return j + 1 - 0.5 * sum;
    });
    assertClose(out, expected, { rtol: 2 * rounding(precision).rtol, atol: 1e-15 * rows });
    assertGuard(out);
  });
});

test('addColumnSums in float32 sums in float64', () => {
  const a = place(1001, 1, 'rows', 'float32', (i) => (i === 0 ? 2 ** 24 : 1));
  const out = placeVector(1, 'rows', 'float32', () => 0);
  kernels.float32.addColumnSums(out, a, 1);
  assert.is(out.get(0), 2 ** 24 + 1000);
});

test('addOuter, addRowDots and addWeightedRows add α u vᵀ, α X v and α sᵀX to what out holds', async () => {
  await eachCase((rows, columns, layout, other, precision) => {
    const k = kernels[precision];
    const u = placeVector(rows, other, precision, (i) => i - 1.5);
    const v = placeVector(columns, layout, precision, (j) => 0.25 * j - 1);
    const x = randomView(rows, columns, other, precision, 1);
    const outer = randomView(rows, columns, layout, precision, 2);
    const expected = table(rows, columns, (i, j) => outer.get(i, j) - 0.5 * u.get(i) * v.get(j));
    k.addOuter(outer, -0.5, u, v);
    assertClose(outer, expected, { rtol: 2 * rounding(precision).rtol, atol: rounding(precision).rtol });
    assertGuard(outer);
    const close = { rtol: 2 * rounding(precision).rtol, atol: 1e-14 * (rows + columns) };
    const dots = placeVector(rows, layout, precision, (i) => i + 1);
    k.addRowDots(dots, 2, x, v);
    const alongRows = table(rows, 1, (i) => {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += x.get(i, j) * v.get(j);
      return i + 1 + 2 * sum;
    });
    assertClose(dots, alongRows, close);
    const sums = placeVector(columns, other, precision, (j) => j - 1);
    k.addWeightedRows(sums, -3, u, x);
    const downColumns = table(1, columns, (_, j) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += u.get(i) * x.get(i, j);
      return j - 1 - 3 * sum;
    });
    assertClose(sums, downColumns, close);
    for (const view of [u, v, x, dots, sums]) assertGuard(view);
  });
});

test.run();
