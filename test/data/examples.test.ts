import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { takeFirst, toGray, toNumbers } from '../../src/data/examples.ts';
import { close, refused } from './refused.ts';

test('toNumbers divides by the unit, in the precision asked for', () => {
  const x = matrix(Uint8Array.of(0, 51, 102, 255), 2, 2);
  assert.equal(toNumbers({ x, unit: 255 }, 'float64').data, Float64Array.of(0, 0.2, 0.4, 1));
  assert.equal(toNumbers({ x, unit: 255 }, 'float32').data, Float32Array.of(0, 0.2, 0.4, 1));
});

test('toNumbers reads strided views and copies', () => {
  const x = matrix(Float64Array.of(1, 2, 3, 4, 5, 6), 2, 3);
  const out = toNumbers({ x: x.transpose(1, 0), unit: 1 }, 'float64');
  assert.equal(out.shape, [3, 2]);
  assert.equal(out.data, Float64Array.of(1, 4, 2, 5, 3, 6));
  assert.is.not(out.data, x.data);
});

test('toNumbers names row and column of an entry that is not finite', async () => {
  const nan = matrix(Float32Array.of(1, 2, 3, 4, NaN, 6), 2, 3);
  await refused(() => toNumbers({ x: nan, unit: 1 }, 'float32'), /row 1, column 1 .* is NaN/);
  const large = matrix(Float64Array.of(1e300), 1, 1);
  await refused(() => toNumbers({ x: large, unit: 1 }, 'float32'), /row 0, column 0 .* is Infinity/);
});

test('takeFirst gives the first rows and keeps unit and image', async () => {
  const image = { height: 1, width: 2, channels: 1 };
  const all = { x: matrix(Uint8Array.of(1, 2, 3, 4), 2, 2), unit: 255, image };
  const one = takeFirst(all, 1);
  assert.equal(one.x.shape, [1, 2]);
  assert.is(one.x.get(0, 1), 2);
  assert.is(one.unit, 255);
  assert.is(one.image, image);
  for (const n of [0, 3, 1.5, NaN]) await refused(() => takeFirst(all, n), /there are 2/);
});

test('toGray weighs red, green and blue as BT.601 does', () => {
  const x = matrix(Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255), 1, 12);
  const grey = toGray({ x, unit: 255, image: { height: 2, width: 2, channels: 3 } });
  close([...grey.x.data], [76.245, 149.685, 29.07, 255], 1e-4);
  assert.equal(grey.image, { height: 2, width: 2, channels: 1 });
});

test('toGray leaves grey images and refuses what is no image', async () => {
  const grey = { x: matrix(Uint8Array.of(7), 1, 1), unit: 255, image: { height: 1, width: 1, channels: 1 } };
  assert.is(toGray(grey), grey);
  await refused(() => toGray({ x: grey.x, unit: 1 }), /without an image shape/);
});

test.run();
