import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exifOrientation, upright } from '../../../src/data/formats/exif.ts';
import { foreignImage } from '../../../src/data/formats/foreign-image.ts';
import { imageExample } from '../../../src/data/formats/image.ts';
import { fixtures } from '../image-fixtures.ts';
import { refused } from '../refused.ts';

/** The content of an APP1 segment that notes an orientation, behind another entry. */
export function exif(orientation: number, little: boolean, { type = 3, count = 1, at = 8 } = {}): Uint8Array {
  const bytes = Buffer.alloc(6 + 8 + 2 + 2 * 12 + 4);
  bytes.write('Exif\0\0', 'latin1');
  const u16 = (value: number, place: number) =>
    little ? bytes.writeUInt16LE(value, place) : bytes.writeUInt16BE(value, place);
  const u32 = (value: number, place: number) =>
    little ? bytes.writeUInt32LE(value, place) : bytes.writeUInt32BE(value, place);
  bytes.write(little ? 'II' : 'MM', 6, 'latin1');
  u16(42, 8);
  u32(at, 10);
  u16(2, 14);
  u16(0x010f, 16);
  u16(0x0112, 28);
  u16(type, 30);
  u32(count, 32);
  u16(orientation, 36);
  return new Uint8Array(bytes);
}

/** The JPEG file with an APP1 segment behind its first two bytes. */
function withExif(jpeg: Uint8Array, content: Uint8Array): Uint8Array {
  const length = content.length + 2;
  return new Uint8Array(
    Buffer.concat([
      jpeg.subarray(0, 2),
      Uint8Array.of(0xff, 0xe1, length >> 8, length & 255),
      content,
      jpeg.subarray(2),
    ]),
  );
}

test('the orientation is found in both byte orders, and is 1 where it is none or damaged', () => {
  for (const little of [true, false]) {
    for (let n = 1; n <= 8; n++) assert.is(exifOrientation(exif(n, little)), n);
    for (const n of [0, 9, 0x600]) assert.is(exifOrientation(exif(n, little)), 1);
    assert.is(exifOrientation(exif(6, little, { type: 4 })), 1);
    assert.is(exifOrientation(exif(6, little, { count: 2 })), 1);
    for (const at of [0, 0xfffffff0, 40, 38]) assert.is(exifOrientation(exif(6, little, { at })), 1);
    for (let n = 0; n < 38; n++) assert.is(exifOrientation(exif(6, little).subarray(0, n)), 1, `${n} bytes`);
  }
  assert.is(exifOrientation(new TextEncoder().encode('http://ns.adobe.com/xap/1.0/')), 1);
});

// What each orientation says of the first row and the first column as they are stored. [Exif 2.3, table "Orientation"]
const cases: [orientation: number, seen: string][] = [
  [1, 'abc/def'],
  [2, 'cba/fed'], // row 0 is the top, column 0 the right side
  [3, 'fed/cba'], // the bottom, the right side
  [4, 'def/abc'], // the bottom, the left side
  [5, 'ad/be/cf'], // row 0 is the left side, column 0 the top
  [6, 'da/eb/fc'], // the right side, the top
  [7, 'fc/eb/da'], // the right side, the bottom
  [8, 'cf/be/ad'], // the left side, the bottom
];

test('each of the eight orientations is turned upright, grey and in colour', () => {
  for (const channels of [1, 3]) {
    const codes = [...'abcdef'].flatMap((letter) =>
      Array.from({ length: channels }, (_, c) => letter.charCodeAt(0) + 32 * c),
    );
    for (const [orientation, seen] of cases) {
      const { data, image } = upright(Uint8Array.from(codes), { height: 2, width: 3, channels }, orientation);
      const rows = seen.split('/');
      assert.equal(image, { height: rows.length, width: rows[0].length, channels });
      const wanted = [...rows.join('')].flatMap((letter) =>
        Array.from({ length: channels }, (_, c) => letter.charCodeAt(0) + 32 * c),
      );
      assert.equal(Array.from(data), wanted, `${orientation}`);
    }
  }
});

test('a JPEG image is turned as its camera noted, which a note says', async () => {
  const plain = await imageExample(fixtures.greyJpeg);
  assert.is(plain.notes, undefined);
  const { x, image, notes } = await imageExample(withExif(fixtures.greyJpeg, exif(6, false)));
  assert.equal([image, notes], [{ height: 12, width: 10, channels: 1 }, ['turned upright: its EXIF orientation is 6']]);
  for (const [i, j] of [
    [0, 0],
    [3, 2],
    [11, 9],
  ])
    assert.is(x.get(0, i * 10 + j), plain.x.get(0, (9 - j) * 12 + i));
  assert.is((await imageExample(withExif(fixtures.greyJpeg, exif(1, true)))).notes, undefined);
});

test('images of other kinds are refused by name, with what to do', async () => {
  const bitmap = Uint8Array.of(0x42, 0x4d, 8, 0, 0, 0, 0, 0);
  const begins: [string, Uint8Array | string][] = [
    ['WebP', 'RIFF\x10\0\0\0WEBPVP8 '],
    ['GIF', 'GIF89a\x01\0'],
    ['TIFF', 'II*\0\x08\0\0\0'],
    ['TIFF', 'MM\0*\0\0\0\x08'],
    ['HEIC', '\0\0\0\x18ftypheic'],
    ['AVIF', '\0\0\0\x1cftypavif'],
    ['BMP', bitmap],
  ];
  for (const [kind, begin] of begins) {
    const bytes = typeof begin === 'string' ? new Uint8Array(Buffer.from(begin, 'latin1')) : begin;
    assert.is(foreignImage(bytes), kind);
    await refused(
      () => imageExample(bytes),
      new RegExp(`it is a ${kind} image, and PNG and JPEG are read: convert it to PNG`),
    );
  }
  assert.is(foreignImage(new TextEncoder().encode('BM,weight,kg')), undefined);
  assert.is(foreignImage(new Uint8Array(0)), undefined);
});

test.run();
