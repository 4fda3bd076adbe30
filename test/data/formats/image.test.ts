import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { imageExample } from '../../../src/data/formats/image.ts';
import { fixtures } from '../image-fixtures.ts';
import { chunk, makePng } from '../make-png.ts';
import { close, refused } from '../refused.ts';

const pixels = Array.from({ length: 120 }, (_, i) => [Math.floor(i / 12), i % 12]);
const colours = pixels.flatMap(([r, c]) => [20 + 20 * r, 30 + 15 * c, 200 - 8 * r - 6 * c]);
const greys = pixels.map(([r, c]) => 20 + 10 * r + 8 * c);
const shape = { height: 10, width: 12 };

test('imageExample reads an interlaced colour PNG exactly', async () => {
  const { x, unit, image } = await imageExample(fixtures.interlacedPng);
  assert.equal(Array.from(x.data), colours);
  assert.equal([x.shape, unit, image], [[1, 360], 255, { ...shape, channels: 3 }]);
});

test('imageExample reads grey and progressive colour JPEG to within their loss', async () => {
  const grey = await imageExample(fixtures.greyJpeg);
  assert.equal([grey.unit, grey.image], [255, { ...shape, channels: 1 }]);
  close(grey.x.data as Uint8Array, greys, 2);
  const colour = await imageExample(fixtures.progressiveJpeg);
  assert.equal([colour.unit, colour.image], [255, { ...shape, channels: 3 }]);
  close(colour.x.data as Uint8Array, colours, 6);
});

test('imageExample scales PNG samples of 1, 2 and 4 bits to 255, line by line', async () => {
  const cases = [
    { depth: 1, lines: [0, 0b10100000, 0, 0b01000000], expected: [255, 0, 255, 0, 255, 0] },
    { depth: 2, lines: [0, 0b00011000, 0, 0b11000100], expected: [0, 85, 170, 255, 0, 85] },
    { depth: 4, lines: [0, 0x0f, 0x10, 0, 0x80, 0x20], expected: [0, 255, 17, 136, 0, 34] },
  ];
  for (const { depth, lines, expected } of cases) {
    const { x, unit } = await imageExample(makePng({ width: 3, height: 2, depth, colourType: 0, lines }));
    assert.equal([Array.from(x.data), unit], [expected, 255]);
  }
});

test('imageExample gives PNG samples of 16 bits the unit 65535', async () => {
  const { x, unit } = await imageExample(
    makePng({ width: 2, height: 1, depth: 16, colourType: 0, lines: [0, 0x12, 0x34, 0xff, 0xff] }),
  );
  assert.equal([x.data, unit], [Uint16Array.of(0x1234, 0xffff), 65535]);
});

test('imageExample looks palettes up, transparent entries over white', async () => {
  const before = [...chunk('PLTE', [10, 20, 30, 255, 0, 0]), ...chunk('tRNS', [102])];
  const png = makePng({ width: 3, height: 1, depth: 1, colourType: 3, lines: [0, 0b01000000], before });
  const { x, image } = await imageExample(png);
  // 0.4·v + 0.6·255
  assert.equal(Array.from(x.data), [157, 161, 165, 255, 0, 0, 157, 161, 165]);
  assert.is(image?.channels, 3);
});

test('imageExample composites alpha on white and whitens a transparent colour', async () => {
  const greyAlpha = makePng({ width: 3, height: 1, depth: 8, colourType: 4, lines: [0, 100, 255, 100, 0, 0, 51] });
  assert.equal(Array.from((await imageExample(greyAlpha)).x.data), [100, 255, 204]);
  const rgba = makePng({ width: 1, height: 1, depth: 8, colourType: 6, lines: [0, 10, 20, 30, 0] });
  assert.equal(Array.from((await imageExample(rgba)).x.data), [255, 255, 255]);
  const before = chunk('tRNS', [0, 1, 0, 2, 0, 3]);
  const keyed = makePng({
    width: 3,
    height: 1,
    depth: 8,
    colourType: 2,
    lines: [0, 1, 2, 3, 1, 2, 4, 0, 0, 0],
    before,
  });
  assert.equal(Array.from((await imageExample(keyed)).x.data), [255, 255, 255, 1, 2, 4, 0, 0, 0]);
});

test('imageExample refuses sizes beyond the limit before it decodes', async () => {
  const huge = makePng({ width: 2 ** 31 - 1, height: 2 ** 31 - 1, depth: 8, colourType: 2, lines: [0] });
  await refused(() => imageExample(huge), /2147483647 by 2147483647 pixels/);
  await refused(() => imageExample(fixtures.greyJpeg, 119), /12 by 10 pixels: allowed are 1 to 119/);
  const jpeg = fixtures.greyJpeg.slice();
  const frame = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0);
  jpeg.fill(255, frame + 5, frame + 9);
  await refused(() => imageExample(jpeg), /65535 by 65535 pixels/);
  await refused(() => imageExample(makePng({ width: 0, height: 1, depth: 8, colourType: 0, lines: [0] })), /0 by 1/);
});

test('imageExample refuses PNG files whose pixels are too few or too many', async () => {
  const parts = { width: 2, height: 2, depth: 8, colourType: 0 };
  for (const lines of [[], [0, 1, 2], [0, 1, 2, 0, 3], [0, 1, 2, 0, 3, 4, 0]]) {
    await refused(() => imageExample(makePng({ ...parts, lines })), /unpack/);
  }
  const bomb = makePng({ ...parts, lines: Array(3_000_000).fill(0) });
  await refused(() => imageExample(bomb), /more than 6 bytes/);
});

test('imageExample refuses PNG files that are damaged or of no known kind', async () => {
  const odd = { width: 1, height: 1, lines: [0, 0] };
  await refused(() => imageExample(makePng({ ...odd, depth: 4, colourType: 2 })), /does not exist/);
  await refused(() => imageExample(makePng({ ...odd, depth: 4, colourType: 0, interlaced: true })), /interlac/);
  await refused(() => imageExample(makePng({ ...odd, depth: 8, colourType: 3 })), /palette has 0/);
  await refused(() => imageExample(makePng({ ...odd, lines: [9, 0], depth: 8, colourType: 0 })), /Unsupported filter/);
  const flipped = fixtures.interlacedPng.slice();
  flipped[flipped.length - 2] ^= 1; // the checksum of IEND
  await refused(() => imageExample(flipped), /CRC/);
});

test('imageExample refuses images that were cut anywhere', async () => {
  for (const file of Object.values(fixtures)) {
    for (let length = 0; length < file.length; length += 7) {
      await refused(() => imageExample(file.subarray(0, length)), /^(PNG |JPEG )?image: /);
    }
  }
});

test('imageExample gives an image or an InputError for any damaged byte', async () => {
  for (const file of Object.values(fixtures)) {
    for (let i = 0; i < file.length; i++) {
      const damaged = file.slice();
      damaged[i] ^= 1 << (i % 8);
      try {
        const { x, image } = await imageExample(damaged, 1000);
        assert.is(x.data.length, (image?.height ?? 0) * (image?.width ?? 0) * (image?.channels ?? 0));
      } catch (error) {
        await refused(() => {
          throw error;
        }, /image: /);
      }
    }
  }
});

test.run();
