import { deflateSync } from 'node:zlib';
import * as assert from 'uvu/assert';
import type { Examples } from '../../src/data/examples.ts';
import { imageExample } from '../../src/data/formats/image.ts';
import { fixtures } from '../data/image-fixtures.ts';
import { chunk } from '../data/make-png.ts';
import { type Target, whole } from './fuzz.ts';

const signature = [137, 80, 78, 71, 13, 10, 26, 10];
const bytes = (...list: number[]) => Uint8Array.from(list);

/** A PNG file of IHDR, PLTE, tRNS and scan lines, packed and with checksums; the middle two are left out where empty. */
function pngOf([header, palette, transparency, lines]: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from([
    ...signature,
    ...chunk('IHDR', header),
    ...(palette.length > 0 ? chunk('PLTE', palette) : []),
    ...(transparency.length > 0 ? chunk('tRNS', transparency) : []),
    ...chunk('IDAT', deflateSync(lines, { level: 1 })),
    ...chunk('IEND', []),
  ]);
}

function header(width: number, height: number, depth: number, colourType: number, interlaced = 0): Uint8Array {
  return bytes(0, 0, 0, width, 0, 0, 0, height, depth, colourType, 0, 0, interlaced);
}

const none = bytes();
const rows = (height: number, length: number) =>
  Uint8Array.from({ length: height * (1 + length) }, (_, i) => (i % (1 + length) === 0 ? i % 5 : (i * 29) & 255));

/** Bytes of a lines part for an interlaced 8 by 8 image of one channel: seven passes of rows. */
const passes = Uint8Array.from({ length: 15 + 64 }, () => 0);

function assertImage({ x, unit, image }: Examples): void {
  assert.ok(image !== undefined && (image.channels === 1 || image.channels === 3));
  assert.is(x.data.length, (image?.height ?? 0) * (image?.width ?? 0) * (image?.channels ?? 0));
  assert.equal(x.shape, [1, x.data.length]);
  assert.ok([...x.data].every((sample) => sample >= 0 && sample <= unit));
}

const png: Target<Examples> = {
  name: 'png',
  seeds: [
    [header(3, 2, 8, 2), none, none, rows(2, 9)],
    [header(4, 3, 16, 0), none, bytes(0, 1), rows(3, 8)],
    [header(5, 2, 8, 6), none, none, rows(2, 20)],
    [header(3, 2, 4, 3), bytes(1, 2, 3, 250, 251, 252), bytes(9), bytes(0, 0x01, 0x10, 0, 0x11, 0)],
    [header(9, 2, 1, 0), none, none, bytes(0, 0xaa, 0x80, 0, 0x55, 0)],
    [header(8, 8, 8, 0, 1), none, none, passes],
    [header(2, 2, 16, 4), none, none, rows(2, 8)],
  ],
  assemble: pngOf,
  read: (file) => imageExample(file),
  check(examples, file) {
    assertImage(examples);
    const view = new DataView(file.buffer, file.byteOffset);
    assert.equal([examples.image?.width, examples.image?.height], [view.getUint32(16), view.getUint32(20)]);
  },
};

/** The JPEG file with a segment that notes orientation 6. */
function onItsSide(file: Uint8Array): Uint8Array {
  const app1 = Buffer.from('/+EAIkV4aWYAAElJKgAIAAAAAQASAQMAAQAAAAYAAAAAAAAA', 'base64');
  return new Uint8Array(Buffer.concat([file.subarray(0, 2), app1, file.subarray(2)]));
}

const jpeg = whole<Examples>({
  name: 'jpeg',
  seeds: [fixtures.greyJpeg, fixtures.progressiveJpeg, onItsSide(fixtures.greyJpeg)],
  read: (file) => imageExample(file),
  check: assertImage,
});

const foreignPng = whole<Examples>({
  name: 'png (whole files)',
  seeds: [fixtures.interlacedPng],
  read: (file) => imageExample(file),
  check: assertImage,
});

export const images = [png, foreignPng, jpeg] as readonly Target[];
