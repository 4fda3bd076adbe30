import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyNumbers, matrix } from '../../../src/array/matrix.ts';
import type { Examples } from '../../../src/data/examples.ts';
import { samplePatches } from '../../../src/data/preprocessing/patches.ts';
import { refused } from '../refused.ts';

/** Images whose every number tells where it stands: 10000·image + 100·row + 10·column + channel. */
function marked(first: number, images: number, height: number, width: number, channels: number): Examples {
  const d = height * width * channels;
  const data = Float64Array.from({ length: images * d }, (_, p) => {
    const column = Math.floor(p / channels) % width;
    const row = Math.floor(p / channels / width) % height;
    return 10000 * (first + Math.floor(p / d)) + 100 * row + 10 * column + (p % channels);
  });
  return { x: matrix<AnyNumbers>(data, images, d), unit: 1, image: { height, width, channels } };
}

test('samplePatches cuts contiguous squares, channels kept together', () => {
  const patches = samplePatches([marked(1, 2, 6, 5, 3)], { size: 2, count: 50, seed: 1 });
  assert.equal(patches.x.shape, [50, 12]);
  assert.equal(patches.image, { height: 2, width: 2, channels: 3 });
  for (let i = 0; i < 50; i++) {
    const corner = patches.x.get(i, 0);
    const expected = [0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112].map((step) => corner + step);
    assert.equal(Array.from(patches.x.data.subarray(12 * i, 12 * i + 12)), expected);
  }
});

test('samplePatches reaches every corner of every image about equally often', () => {
  const stacks = [marked(0, 1, 4, 4, 1), marked(1, 2, 4, 4, 1)];
  const { x } = samplePatches(stacks, { size: 3, count: 12_000, seed: 5 });
  const counts = new Map<number, number>();
  for (let i = 0; i < 12_000; i++) counts.set(x.get(i, 0), (counts.get(x.get(i, 0)) ?? 0) + 1);
  assert.equal(
    [...counts.keys()].sort((a, b) => a - b),
    [0, 1, 2].flatMap((image) => [0, 10, 100, 110].map((corner) => 10000 * image + corner)),
  );
  // Expected 1000 each, standard deviation 30.
  for (const count of counts.values()) assert.ok(Math.abs(count - 1000) < 150, `${count}`);
});

test('samplePatches makes patch i from seed and i alone', () => {
  const stacks = [marked(0, 3, 8, 8, 1)];
  const few = samplePatches(stacks, { size: 4, count: 5, seed: 2 });
  const many = samplePatches(stacks, { size: 4, count: 20, seed: 2 });
  assert.equal(few.x.data, many.x.data.slice(0, 80));
  assert.not.equal(few.x.data, samplePatches(stacks, { size: 4, count: 5, seed: 3 }).x.data);
});

test('samplePatches keeps the type and the unit', () => {
  const image = { height: 2, width: 2, channels: 1 };
  const bytes: Examples = { x: matrix<AnyNumbers>(Uint8Array.of(1, 2, 3, 4), 1, 4), unit: 255, image };
  const patches = samplePatches([bytes], { size: 2, count: 1, seed: 1 });
  assert.equal(patches.x.data, Uint8Array.of(1, 2, 3, 4));
  assert.is(patches.unit, 255);
});

test('samplePatches refuses what it cannot cut', async () => {
  const grey = marked(0, 1, 4, 6, 1);
  const options = { size: 2, count: 3, seed: 1 };
  await refused(() => samplePatches([grey], { ...options, size: 5 }), /size is 5: an image has 4 by 6 pixels/);
  await refused(() => samplePatches([grey, marked(0, 1, 1, 9, 1)], options), /1 by 9 pixels/);
  await refused(() => samplePatches([grey, marked(0, 1, 4, 4, 3)], options), /differ in channels/);
  await refused(() => samplePatches([], options), /no images/);
  await refused(() => samplePatches([{ x: grey.x, unit: 1 }], options), /no image shape/);
  for (const count of [0, -1, 1.5, NaN])
    await refused(() => samplePatches([grey], { ...options, count }), /must be an/);
  await refused(() => samplePatches([grey], { ...options, count: 1e12 }), /more than 2\^31/);
  await refused(() => samplePatches([grey], { ...options, seed: 0.5 }), /seed is 0.5/);
});

test.run();
