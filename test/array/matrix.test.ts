import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { asValues, fromRows, matrix, rowRange, toFlat, transposed, vector, zeros } from '../../src/array/matrix.ts';
import { loadSum } from '../../src/array/ndarray.ts';
import { InputError } from '../../src/errors.ts';
import { layouts, place, placeVector } from '../support/views.ts';

test('zeros makes an array of the precision that holds 0', () => {
  assert.equal(zeros(3, 'float32'), new Float32Array(3));
  assert.equal(zeros(3, 'float64'), new Float64Array(3));
});

test('matrix and vector are views that share the storage', () => {
  const data = Float64Array.of(9, 1, 2, 3, 4, 5, 6);
  const m = matrix(data, 2, 3, 1);
  assert.equal([m.get(0, 0), m.get(0, 2), m.get(1, 0), m.get(1, 2)], [1, 3, 4, 6]);
  m.set(1, 1, 50);
  assert.is(data[5], 50);
  const v = vector(data, 2, 3);
  v.set(0, 30);
  assert.equal([data[3], m.get(0, 2), v.shape[0], vector(data).shape[0]], [30, 30, 2, 7]);
});

test('transposed swaps the axes without a copy, and twice gives the matrix back', () => {
  const m = fromRows([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const t = transposed(m);
  assert.equal(t.shape, [3, 2]);
  assert.equal([...toFlat(t)], [1, 4, 2, 5, 3, 6]);
  assert.is(t.data, m.data);
  assert.equal([...toFlat(transposed(t))], [1, 2, 3, 4, 5, 6]);
});

test('rowRange is rows begin to end − 1, of any layout', () => {
  for (const layout of layouts) {
    const m = place(5, 3, layout, 'float64', (i, j) => 10 * i + j);
    const middle = rowRange(m, 1, 3);
    assert.equal(middle.shape, [2, 3]);
    assert.equal([...toFlat(middle)], [10, 11, 12, 20, 21, 22]);
    assert.is(middle.data, m.data);
    assert.equal([...toFlat(transposed(middle))], [10, 20, 11, 21, 12, 22]);
    assert.equal(rowRange(m, 2, 2).shape, [0, 3]);
    assert.equal([...toFlat(rowRange(middle, 1, 2))], [20, 21, 22]);
  }
});

test('rowRange carries the unit over, of matrices and of plain views', () => {
  const bytes = matrix(Uint8Array.of(0, 51, 102, 255), 2, 2);
  assert.is(rowRange({ ...bytes, unit: 255 }, 1, 2).unit, 255);
  assert.is(rowRange(rowRange({ ...bytes, unit: 255 }, 0, 2), 1, 2).unit, 255);
  assert.not('unit' in rowRange(bytes, 0, 1));
});

test('toFlat divides by the unit on the way into `out`, and asValues gives a view without one', () => {
  const bytes = { ...matrix(Uint8Array.of(0, 51, 102, 255), 2, 2), unit: 255 };
  assert.equal(toFlat(bytes, new Float64Array(4)), Float64Array.of(0, 0.2, 0.4, 1));
  assert.equal(toFlat(bytes), bytes.data);
  const values = asValues(bytes, 'float32');
  assert.equal([values.data, values.shape, values.unit], [Float32Array.of(0, 0.2, 0.4, 1), [2, 2], undefined]);
  const plain = fromRows([[1, 2]]);
  assert.is(asValues(plain, 'float32'), plain);
});

test('toFlat is row-major whatever the layout, in storage of its own and of the same type', () => {
  for (const layout of layouts) {
    const m = place(3, 2, layout, 'float32', (i, j) => 2 * i + j);
    const flat = toFlat(m);
    assert.equal(flat, Float32Array.of(0, 1, 2, 3, 4, 5));
    flat[0] = 99;
    assert.is(m.get(0, 0), 0);
    assert.equal(toFlat(placeVector(4, layout, 'float64', (i) => i)), Float64Array.of(0, 1, 2, 3));
  }
});

test('toFlat fills `out` and converts to its type', () => {
  const bytes = matrix(Uint8Array.of(1, 2, 3, 250), 2, 2);
  const out = new Float32Array(4);
  assert.is(toFlat(transposed(bytes), out), out);
  assert.equal(out, Float32Array.of(1, 3, 2, 250));
  assert.equal(toFlat(bytes), Uint8Array.of(1, 2, 3, 250));
});

test('toFlat of an empty view is empty', () => {
  assert.is(toFlat(matrix(new Float64Array(0), 0, 3)).length, 0);
  assert.is(toFlat(matrix(new Float64Array(0), 3, 0)).length, 0);
  assert.is(toFlat(vector(new Float64Array(0))).length, 0);
});

test('fromRows takes nested rows, in float64 unless told', () => {
  const m = fromRows([[1, 2]], 'float32');
  assert.equal(m.shape, [1, 2]);
  assert.equal(m.data, Float32Array.of(1, 2));
  assert.ok(fromRows([[1]]).data instanceof Float64Array);
  assert.equal(fromRows([]).shape, [0, 0]);
});

test('fromRows refuses rows of unequal length, shorter and longer', () => {
  const message = (row: unknown) => `row 1 is ${row}: it must be a list of 2 numbers`;
  for (const row of [[3], [3, 4, 5], null as unknown as number[]]) {
    assert.throws(
      () => fromRows([[1, 2], row]),
      (error: unknown) => error instanceof InputError && error.message === message(JSON.stringify(row)),
    );
  }
});

test('fromRows refuses what is no number, and takes rows of any kind that holds numbers', () => {
  assert.throws(
    () => fromRows([[1, 2], new Array<number>(2)]),
    (error: unknown) => error instanceof InputError && /^row 1, column 0 is undefined/.test(error.message),
  );
  assert.throws(() => fromRows(['12'] as unknown as number[][]), /^row 0, column 0 is 1|row 0, column 0 is "1"/);
  for (const value of [null, undefined, '1', '', true, [1]] as unknown as number[]) {
    assert.throws(
      () =>
        fromRows([
          [1, 2],
          [3, value],
        ]),
      (error: unknown) =>
        error instanceof InputError && /^row 1, column 1 is .*: it must be a number$/.test(error.message),
    );
  }
  assert.throws(
    () => fromRows([1, 2] as unknown as number[][]),
    (error: unknown) => error instanceof InputError && /^row 0 is 1: it must be a list/.test(error.message),
  );
  assert.equal(fromRows([Float32Array.of(1, 2) as unknown as number[]]).data, Float64Array.of(1, 2));
});

test('sum sees the elements of a view alone', async () => {
  const sum = await loadSum();
  for (const layout of layouts) {
    const m = place(2, 3, layout, 'float64', (i, j) => 3 * i + j - 2);
    assert.is(sum(m), 3);
    const v = placeVector(3, layout, 'float64', (i) => i - 1);
    assert.is(sum(v), 0);
  }
});

test.run();
