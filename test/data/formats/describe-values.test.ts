import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../../src/array/matrix.ts';
import { describeValues } from '../../../src/data/formats/describe-values.ts';

test('describeValues: type, range, mean and deviation of all numbers, m in the denominator', () => {
  const x = matrix(Uint8Array.of(0, 255, 255, 0), 2, 2);
  assert.is(describeValues([{ x, unit: 255 }]), 'uint8 from 0 to 1, mean 0.5, deviation 0.5');
  // Of rows apart, −3, 1, 5 and 9: mean 3, deviation √20.
  const stacks = [matrix(Float32Array.of(-3, 1), 1, 2), matrix(Float32Array.of(5, 9), 1, 2)];
  assert.is(
    describeValues(stacks.map((rows) => ({ x: rows, unit: 1 }))),
    'float32 from -3 to 9, mean 3, deviation 4.47',
  );
});

test('describeValues: gaps are counted and no part of the range, in narrow rows and in wide ones that begin with them', () => {
  const narrow = matrix(Float64Array.of(Number.NaN, 4, 2, 6), 2, 2);
  assert.is(
    describeValues([{ x: narrow, unit: 1, gaps: 1 }]),
    'float64 from 2 to 6, mean 4, deviation 1.63; 1 missing',
  );
  const d = 5000;
  const wide = matrix(new Float64Array(2 * d).fill(Number.NaN, 0, d).fill(7, d), 2, d);
  assert.is(describeValues([{ x: wide, unit: 1, gaps: d }]), 'float64 from 7 to 7, mean 7, deviation 0; 5,000 missing');
});

test('describeValues: a value of a table dozens of deviations from its others is told, by its column', () => {
  const rows = 200;
  const x = matrix(
    Float64Array.from({ length: 2 * rows }, (_, i) => (i % 4 < 2 ? 1 : -1)),
    rows,
    2,
  );
  x.set(7, 1, 500);
  const columns = ['flow', 'heat'];
  assert.match(
    describeValues([{ x, unit: 1, columns, positions: [1, 2] }]),
    /; heat holds 500, 500 deviations from its others$/,
  );
  assert.not.match(describeValues([{ x, unit: 1, columns }]), /deviations from/); // no table
});

test.run();
