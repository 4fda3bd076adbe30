import fc from 'fast-check';
import ndarray from 'ndarray';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Matrix, Precision } from '../../src/array/matrix.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { rowsOf } from '../support/naive-model.ts';
import { assertGuard, eachCase, type LayoutName, place, precisions, randomView } from '../support/views.ts';

const kernels = { float32: createReferenceKernels('float32'), float64: createReferenceKernels('float64') };

/** Columns of the k largest by sorting, the lower column first of equal values; rising. NaN comes before everything. */
function sorted(row: readonly number[], k: number): number[] {
  const rank = (value: number) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value);
  return row
    .map((_, column) => column)
    .sort((p, q) => (rank(row[q]) === rank(row[p]) ? p - q : rank(row[q]) - rank(row[p])))
    .slice(0, k)
    .sort((p, q) => p - q);
}

const MARK = 0xffff_fff0;

/** Indices (m, k) with a gap after each row, in storage that holds MARK. */
function placeIndices(m: number, k: number) {
  return ndarray(new Uint32Array(m * (k + 2) + 3).fill(MARK), [m, k], [k + 2, 1], 3);
}

/** Runs the kernel on `a` and compares indices, values and what is left of `a` with the sorted row. */
function check(a: Matrix, k: number, layout: LayoutName, precision: Precision): void {
  const before = rowsOf(a);
  const [m] = a.shape;
  const values = place(m, k, layout, precision, () => Number.NaN);
  const indices = placeIndices(m, k);
  kernels[precision].selectLargest(values, indices, a);
  const found = rowsOf(values);
  const left = rowsOf(a);
  before.forEach((row, i) => {
    const keep = sorted(row, k);
    const columns = Array.from({ length: k }, (_, t) => indices.get(i, t));
    assert.equal(columns, keep, `row ${row}, k = ${k}`);
    assert.equal(
      found[i],
      keep.map((column) => row[column]),
    );
    assert.equal(
      left[i],
      row.map((value, column) => (keep.includes(column) ? value : 0)),
    );
  });
  assert.is(indices.data.filter((value) => value === MARK).length, indices.data.length - m * k, 'a gap was written');
  assertGuard(values);
}

test('selectLargest equals a sort, for every k, shape and layout, and zeroes all else', async () => {
  await eachCase((rows, columns, layout, other, precision) => {
    for (const k of new Set([0, 1, 2, columns >> 1, columns - 1, columns].filter((n) => n >= 0 && n <= columns))) {
      const a = randomView(rows, columns, other, precision, 1);
      check(a, k, layout, precision);
      assertGuard(a);
    }
  });
});

test('selectLargest equals a sort for random rows that are full of ties', () => {
  const row = fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(row, fc.nat(), fc.constantFrom(...precisions), (values, pick, precision) => {
      const a = place(1, values.length, 'rows', precision, (_, j) => values[j]);
      check(a, pick % (values.length + 1), 'rows', precision);
    }),
    { seed: 7, numRuns: 2000 },
  );
});

test('selectLargest equals a sort for random rows of any doubles, infinities included', () => {
  const row = fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(row, fc.nat(), (values, pick) => {
      const a = place(1, values.length, 'rows', 'float64', (_, j) => values[j]);
      check(a, pick % (values.length + 1), 'rows', 'float64');
    }),
    { seed: 8, numRuns: 2000 },
  );
});

/** Indices that survive of a single row. */
function survivors(row: readonly number[], k: number): number[] {
  const a = place(1, row.length, 'rows', 'float64', (_, j) => row[j]);
  const indices = placeIndices(1, k);
  kernels.float64.selectLargest(
    place(1, k, 'rows', 'float64', () => 0),
    indices,
    a,
  );
  return Array.from({ length: k }, (_, t) => indices.get(0, t));
}

test('selectLargest keeps the lower index of equal values, 0 and −0 among them', () => {
  assert.equal(survivors([5, 5, 5, 5, 5], 2), [0, 1]);
  assert.equal(survivors([1, 3, 2, 3, 3, 2], 4), [1, 2, 3, 4]);
  assert.equal(survivors([-0, 0, -0, 0], 2), [0, 1]);
  assert.equal(survivors([0, -0, 1], 2), [0, 2]);
});

test('selectLargest goes by signed values, not by their size', () => {
  assert.equal(survivors([-9, 0.5, -3, 1, -0.1], 2), [1, 3]);
  assert.equal(survivors([-9, -8, -7, -1, -2], 2), [3, 4]);
});

test('selectLargest lets a NaN survive, so that it shows', () => {
  assert.equal(survivors([1, 2, Number.NaN, 4, 5, 6], 2), [2, 5]);
  assert.equal(survivors([Number.NaN, 2, 3], 1), [0]);
  assert.ok(survivors([1, Number.POSITIVE_INFINITY, 3, Number.NaN], 1).includes(3));
  assert.equal(survivors([Number.NaN, Number.NaN, Number.NaN, 1], 3), [0, 1, 2]);
});

test.run();
