import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, transposed } from '../../src/array/matrix.ts';
import { squaredErrors, squaredErrorsByColumn } from '../../src/data/squared-errors.ts';
import { assertRefused } from '../support/errors.ts';

test('squaredErrors: summed over coordinates, one an example, without ½', () => {
  const x = fromRows([
    [1, 2],
    [3, 4],
    [0, 0],
  ]);
  const reconstruction = fromRows([
    [1, 2],
    [2, 6],
    [0.5, -0.5],
  ]);
  assert.equal(Array.from(squaredErrors(x, reconstruction).data), [0, 5, 0.5]);
});

test('squaredErrors: bytes with a unit, and any strides', () => {
  const bytes = { data: Uint8Array.of(255, 0, 51, 255), shape: [2, 2], stride: [2, 1], offset: 0, unit: 255 };
  const turned = transposed(
    fromRows([
      [1, 0.2],
      [1, 0],
    ]),
  );
  assert.equal(Array.from(squaredErrors(bytes, turned).data), [1, 1]);
});

test('squaredErrors: refuses reconstructions of another shape', () => {
  assert.throws(() => squaredErrors(fromRows([[1, 2]]), fromRows([[1], [2]])), /shape \(2, 1\) and x \(1, 2\)/);
});

test('squaredErrorsByColumn: the parts of the rows that are asked for, in that order, whatever the strides and the unit', () => {
  const bytes = { data: Uint8Array.of(255, 0, 51, 255), shape: [2, 2], stride: [2, 1], offset: 0, unit: 255 };
  const turned = transposed(
    fromRows([
      [1, 0.2],
      [1, 0],
    ]),
  );
  assert.equal(squaredErrorsByColumn(bytes, turned, [1, 0, 1]).data, Float64Array.of(0, 1, 0, 1, 0, 1));
  assert.equal(squaredErrorsByColumn(bytes, turned, []).shape, [0, 2]);
  assert.throws(
    () => squaredErrorsByColumn(bytes, turned, [2]),
    /rows\[0\] is 2: there are 2 examples, so it must be from 0/,
  );
  assert.throws(() => squaredErrorsByColumn(bytes, fromRows([[1, 2]]), [0]), /shape \(1, 2\) and x \(2, 2\)/);
});

test('squaredErrors: names a forgotten await', async () => {
  const x = fromRows([[1, 2]]);
  const call = squaredErrors as (...given: unknown[]) => unknown;
  await assertRefused(
    () => call(x, Promise.resolve(x)),
    /^the reconstruction is a Promise \(await is missing\): it must be an ndarray of shape \(m, d\)/,
  );
  await assertRefused(() => call(Promise.resolve(x), x), /^x is a Promise/);
  await assertRefused(() => call(x), /^the reconstruction is undefined/);
});

test.run();
