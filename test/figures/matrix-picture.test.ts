import { decode } from 'fast-png';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, matrix } from '../../src/array/matrix.ts';
import { InputError } from '../../src/errors.ts';
import { encodePng, matrixPicture } from '../../src/figures/index.ts';

test('matrixPicture draws zero white, the largest weight red and its opposite blue, a row of cells per unit', () => {
  const picture = matrixPicture(
    fromRows([
      [0, 2],
      [-2, 1],
    ]),
  );
  const { width, height, channels, data } = decode(encodePng(picture));
  assert.equal([width, height, channels], [750, 64, 3]);
  const at = (x: number, y: number) => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
  assert.equal(at(0, 0), [255, 255, 255]);
  assert.equal(at(374, 31), [255, 255, 255]);
  assert.equal(at(375, 0), [178, 24, 43]);
  assert.equal(at(0, 32), [33, 102, 172]);
  assert.equal(at(749, 63), [217, 140, 149]); // half way from white to red
});

test('matrixPicture draws a matrix of zeros white', () => {
  assert.ok(matrixPicture(matrix(new Float32Array(12), 3, 4)).data.every((byte) => byte === 255));
});

test('matrixPicture refuses an empty matrix and numbers that are not finite', () => {
  const isInputError = (error: unknown) => error instanceof InputError;
  assert.throws(() => matrixPicture(matrix(new Float64Array(0), 0, 4)), isInputError);
  assert.throws(() => matrixPicture(fromRows([[1, Number.POSITIVE_INFINITY]])), isInputError);
  assert.throws(() => matrixPicture(fromRows([[Number.NaN, 1]])), isInputError);
});

test.run();
