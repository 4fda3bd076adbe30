import { decode } from 'fast-png';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, matrix } from '../../src/array/matrix.ts';
import { InputError } from '../../src/errors.ts';
import { encodePng, featureTiles, type Picture } from '../../src/figures/index.ts';

/** The picture as rows of bytes, after a round trip through a PNG file. */
function pixels(picture: Picture): number[][] {
  const { width, height, channels, data } = decode(encodePng(picture));
  assert.equal([width, height, channels], [picture.width, picture.height, picture.channels]);
  return Array.from({ length: height }, (_, y) => [...data.subarray(y * width * channels, (y + 1) * width * channels)]);
}

test('featureTiles draws −max, 0 and max of a row as black, mid grey and white, with gap lines around tiles', () => {
  const weights = fromRows([
    [-2, 0, 2, 1],
    [0, 0, 0, 0],
  ]);
  const picture = featureTiles(weights, { height: 2, width: 2, channels: 1, columns: 2, scale: 1, gap: 1 });
  const g = 40;
  assert.equal(pixels(picture), [
    [g, g, g, g, g, g, g],
    [g, 0, 128, g, 128, 128, g],
    [g, 255, 191, g, 128, 128, g],
    [g, g, g, g, g, g, g],
  ]);
});

test('featureTiles enlarges every pixel scale times each way', () => {
  const picture = featureTiles(fromRows([[1, -1]]), { height: 1, width: 2, channels: 1, scale: 2, gap: 0 });
  assert.equal(pixels(picture), [
    [255, 255, 0, 0],
    [255, 255, 0, 0],
  ]);
});

test('featureTiles reads three channels in the order row, column, channel and stretches them together', () => {
  const picture = featureTiles(fromRows([[4, 0, -4, 2, 2, 2]]), { height: 1, width: 2, channels: 3, scale: 1, gap: 0 });
  assert.equal(pixels(picture), [[255, 128, 0, 191, 191, 191]]);
});

test('featureTiles stretches each tile by itself, so a row times a positive factor looks the same', () => {
  const shape = { height: 1, width: 3, channels: 1, columns: 1, scale: 1, gap: 0 };
  const rows = pixels(
    featureTiles(
      fromRows([
        [1, 2, -4],
        [1e-200, 2e-200, -4e-200],
        [1e200, 2e200, -4e200],
      ]),
      shape,
    ),
  );
  assert.equal(rows[0], [159, 191, 0]);
  assert.equal(rows[1], rows[0]);
  assert.equal(rows[2], rows[0]);
});

test('featureTiles reads strided views, such as a transpose', () => {
  const shape = { height: 1, width: 2, channels: 1 };
  const weights = fromRows([
    [1, -1],
    [0, 3],
  ]);
  const copy = fromRows([
    [1, 0],
    [-1, 3],
  ]);
  assert.equal(featureTiles(weights.transpose(1, 0), shape), featureTiles(copy, shape));
});

test('featureTiles makes a near-square picture of 600 to 900 pixels by default', () => {
  for (const [units, side] of [
    [25, 8],
    [196, 28],
    [100, 12],
    [64, 8],
    [1, 28],
  ]) {
    const weights = matrix(new Float32Array(units * side * side), units, side * side);
    const { width, height } = featureTiles(weights, { height: side, width: side, channels: 1 });
    assert.ok(width >= 600 && width <= 900, `${units} tiles of ${side}: ${width}`);
    assert.ok(height <= width && height > 0.7 * width, `${units} tiles of ${side}: ${width} x ${height}`);
  }
});

test('featureTiles refuses a shape that does not fit, with both numbers', () => {
  const weights = fromRows([[1, 2, 3]]);
  assert.throws(
    () => featureTiles(weights, { height: 2, width: 2, channels: 1 }),
    /has 3 values, but 2 x 2 x 1 needs 4/,
  );
});

test('featureTiles refuses bad options, empty matrices, numbers that are not finite and enormous pictures', () => {
  const weights = fromRows([[1, 2]]);
  const shape = { height: 1, width: 2, channels: 1 };
  const refused = [
    () => featureTiles(weights, { ...shape, channels: 2 }),
    () => featureTiles(weights, { ...shape, scale: 0 }),
    () => featureTiles(weights, { ...shape, columns: 1.5 }),
    () => featureTiles(weights, { ...shape, gap: -1 }),
    () => featureTiles(weights, { ...shape, scale: 1e5 }),
    () => featureTiles(fromRows([[1, Number.NaN]]), shape),
    () => featureTiles(matrix(new Float64Array(0), 0, 2), shape),
  ];
  for (const call of refused) assert.throws(call, (error: unknown) => error instanceof InputError);
});

test.run();
