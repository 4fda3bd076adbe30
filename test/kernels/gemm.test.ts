import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Matrix, Precision } from '../../src/array/matrix.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { assertClose } from '../support/close.ts';
import { assertGuard, type LayoutName, layouts, place, precisions, randomView } from '../support/views.ts';
import { multiply } from './multiply.ts';

const scalars = [0, 1, 0.5, -2];
const reference = { float32: createReferenceKernels('float32'), float64: createReferenceKernels('float64') };

interface Case {
  readonly precision: Precision;
  readonly shape: readonly [rows: number, depth: number, columns: number];
  readonly layout: readonly [out: LayoutName, a: LayoutName, b: LayoutName];
  readonly alpha: number;
  readonly beta: number;
}

/** Runs gemm and compares with three naive loops; `out` holds NaN beforehand where β = 0. */
function check({ precision, shape, layout, alpha, beta }: Case): void {
  const [rows, depth, columns] = shape;
  const a = randomView(rows, depth, layout[1], precision, 1);
  const b = randomView(depth, columns, layout[2], precision, 2);
  const out =
    beta === 0
      ? place(rows, columns, layout[0], precision, () => Number.NaN)
      : randomView(rows, columns, layout[0], precision, 3);
  const before = [a.data.slice(), b.data.slice()];
  const expected = multiply(out, a, b, alpha, beta);
  reference[precision].gemm(out, a, b, alpha, beta);
  assertClose(out, expected.values, { rtol: 0, atol: expected.tolerance });
  assertGuard(out);
  assert.equal([a.data, b.data], before, 'gemm changed an operand');
}

for (const precision of precisions) {
  test(`gemm in ${precision} multiplies operands of every layout, with every α and β`, () => {
    for (const out of layouts) {
      for (const a of layouts) {
        for (const b of layouts) {
          for (const alpha of scalars) {
            for (const beta of scalars) check({ precision, shape: [5, 7, 3], layout: [out, a, b], alpha, beta });
          }
        }
      }
    }
  });

  test(`gemm in ${precision} serves empty shapes: an empty sum is 0, an empty out stays empty`, () => {
    for (const shape of [
      [0, 0, 0],
      [0, 3, 2],
      [2, 3, 0],
      [4, 0, 5],
      [1, 0, 1],
    ] as const) {
      for (const beta of scalars) check({ precision, shape, layout: ['rows', 'rows', 'rows'], alpha: 1, beta });
    }
  });

  test(`gemm in ${precision} serves every shape around its tile`, () => {
    for (let rows = 1; rows <= 9; rows++) {
      for (let columns = 1; columns <= 7; columns++) {
        for (const depth of [1, 2, 5]) {
          check({
            precision,
            shape: [rows, depth, columns],
            layout: ['rows', 'transposed', 'rows'],
            alpha: 0.5,
            beta: -2,
          });
        }
      }
    }
  });

  test(`gemm in ${precision} serves shapes on both sides of every block size`, () => {
    const around = (n: number) => [n - 1, n, n + 1];
    // Blocks of about 128 rows, 240 columns and a depth of 256; tiles of a few rows and columns.
    const shapes: (readonly [number, number, number])[] = [
      ...around(126).map((n) => [n, 3, 2] as const),
      ...around(129).map((n) => [n, 3, 2] as const),
      ...around(256).map((n) => [2, n, 4] as const),
      ...around(512).map((n) => [3, n, 2] as const),
      ...around(240).map((n) => [2, 3, n] as const),
      [1, 1, 500],
      [500, 1, 1],
      [1, 600, 1],
      [129, 241, 257],
      [257, 129, 241],
      [129, 257, 241],
    ];
    for (const shape of shapes) {
      check({ precision, shape, layout: ['rows', 'rows', 'transposed'], alpha: 1, beta: 0 });
      check({ precision, shape, layout: ['transposed', 'strided', 'offset'], alpha: -2, beta: 0.5 });
    }
  });
}

test('gemm carries no state from one product to the next', () => {
  const k = createReferenceKernels('float64');
  const big = randomView(130, 300, 'rows', 'float64', 1);
  const other = randomView(300, 250, 'rows', 'float64', 2);
  const small = [randomView(3, 5, 'rows', 'float64', 3), randomView(5, 2, 'rows', 'float64', 4)];
  const fresh = place(3, 2, 'rows', 'float64', () => 0);
  const again = place(3, 2, 'rows', 'float64', () => 0);
  createReferenceKernels('float64').gemm(fresh, small[0], small[1], 1, 0);
  k.gemm(
    place(130, 250, 'rows', 'float64', () => 0),
    big,
    other,
    1,
    0,
  );
  k.gemm(again, small[0], small[1], 1, 0);
  assert.equal(again.data, fresh.data);
});

test('gemm gives an element the same bits, whatever rows and columns are computed beside it', () => {
  const a = randomView(131, 300, 'rows', 'float32', 1);
  const b = randomView(300, 245, 'rows', 'float32', 2);
  const whole = place(131, 245, 'rows', 'float32', () => 0);
  reference.float32.gemm(whole, a, b, 1, 0);
  for (const [i, j] of [
    [0, 0],
    [125, 239],
    [126, 240],
    [128, 241],
    [130, 244],
  ]) {
    const one = place(1, 1, 'rows', 'float32', () => 0);
    reference.float32.gemm(one, a.lo(i, 0).hi(1, 300), b.lo(0, j).hi(300, 1), 1, 0);
    assert.is(one.data[0], whole.get(i, j));
  }
});

test('gemm passes NaN and infinities of the operands on', () => {
  const run = (x: number): Matrix => {
    const out = place(2, 2, 'rows', 'float64', () => 0);
    const a = place(2, 2, 'rows', 'float64', (i, j) => (i === 1 && j === 0 ? x : 1));
    const ones = place(2, 2, 'rows', 'float64', () => 1);
    reference.float64.gemm(out, a, ones, 1, 0);
    return out;
  };
  assert.equal([...run(Number.NaN).data], [2, 2, Number.NaN, Number.NaN]);
  assert.equal([...run(Number.POSITIVE_INFINITY).data], [2, 2, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
});

test.run();
