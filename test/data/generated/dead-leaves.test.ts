import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { deadLeaves } from '../../../src/data/generated/dead-leaves.ts';
import { refused } from '../refused.ts';

test('deadLeaves gives float32 images in [0, 1], fast', () => {
  const begin = performance.now();
  const { x, unit, image } = deadLeaves({ images: 8, size: 128, seed: 1 });
  assert.ok(performance.now() - begin < 2000);
  assert.equal([x.shape, unit, image], [[8, 128 * 128], 1, { height: 128, width: 128, channels: 1 }]);
  assert.instance(x.data, Float32Array);
  assert.ok([...x.data].every((value) => value >= 0 && value <= 1));
});

test('deadLeaves is flat within leaves and steps at their edges', () => {
  const data = deadLeaves({ images: 1, size: 64, seed: 2, rMin: 6, rMax: 20 }).x.data as Float32Array;
  let flat = 0;
  for (let p = 0; p + 1 < data.length; p++) if (data[p] === data[p + 1]) flat++;
  assert.ok(flat > 0.6 * data.length && flat < 0.98 * data.length, `${flat} of ${data.length}`);
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
  assert.ok(variance > 0.03 && variance < 0.15, `variance ${variance}, 1/12 of uniform levels`);
});

test('deadLeaves repeats with its seed, image by image', () => {
  const one = deadLeaves({ images: 1, size: 32, seed: 7 });
  const two = deadLeaves({ images: 2, size: 32, seed: 7 });
  assert.equal(one.x.data, two.x.data.slice(0, 1024));
  assert.not.equal(one.x.data, two.x.data.slice(1024));
  assert.not.equal(one.x.data, deadLeaves({ images: 1, size: 32, seed: 8 }).x.data);
});

test('deadLeaves refuses sizes and radii that make no sense', async () => {
  const options = { images: 1, size: 32, seed: 1 };
  await refused(
    deadLeaves as () => unknown,
    /^options is undefined: it must be an object such as \{ images: 10, size: 64, seed: 1 \}$/,
  );
  await refused(() => deadLeaves({ ...options, images: 0 }), /number of images is 0/);
  await refused(() => deadLeaves({ ...options, size: 4 }), /image size is 4/);
  await refused(() => deadLeaves({ ...options, size: 1e6 }), /image size is 1000000/);
  await refused(() => deadLeaves({ ...options, rMin: 0 }), /radii go from 0/);
  await refused(() => deadLeaves({ ...options, rMin: 9, rMax: 5 }), /radii go from 9 to 5/);
  await refused(() => deadLeaves({ ...options, rMax: NaN }), /radii/);
  await refused(() => deadLeaves({ ...options, seed: -1 }), /seed is -1/);
});

test.run();
