import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, matrix } from '../../src/array/matrix.ts';
import { InputError } from '../../src/errors.ts';
import { imageTiles } from '../../src/figures/index.ts';

const shape = { height: 1, width: 4, channels: 1, scale: 1, gap: 0 };

test('imageTiles draws 0 black and 1 white, and what lies outside as the nearer end', () => {
  assert.equal([...imageTiles(fromRows([[0, 1, -0.5, 7]]), shape).data], [0, 255, 0, 255]);
});

test('imageTiles takes another range, and bytes', () => {
  const x = matrix(new Uint8Array([0, 51, 102, 255]), 1, 4);
  assert.equal([...imageTiles(x, shape, [0, 255]).data], [0, 51, 102, 255]);
  assert.equal([...imageTiles(fromRows([[-1, 0, 0.5, 1]]), shape, [-1, 1]).data], [0, 128, 191, 255]);
});

test('imageTiles refuses an empty range', () => {
  assert.throws(
    () => imageTiles(fromRows([[0, 0, 0, 0]]), shape, [1, 1]),
    (error: unknown) => error instanceof InputError && error.message.includes('[1, 1]'),
  );
});

test.run();
