import { deflateSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { imageExample } from '../../src/data/formats/image.ts';
import { fixtures } from '../data/image-fixtures.ts';
import { chunk, makePng } from '../data/make-png.ts';
import { filled, inTime, joined, type Nasty, refusesAll } from './nasty.ts';

const signature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
const ihdr = (width: number, height: number, depth: number, colourType: number) => {
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32BE(width, 0);
  sizes.writeUInt32BE(height, 4);
  return chunk('IHDR', [...sizes, depth, colourType, 0, 0, 0]);
};
const png = (...chunks: Iterable<number>[]) => joined(signature, ...chunks.map((part) => Uint8Array.from(part)));
const end = chunk('IEND', []);
const zeros = (size: number) => deflateSync(Buffer.alloc(size), { level: 9 });
const pixel = { width: 1, height: 1, depth: 8, colourType: 0, lines: [0, 0] };

const pngs: Nasty[] = [
  [
    'a one-pixel PNG that claims 2^31 pixels',
    () => png(ihdr(2 ** 31 - 1, 1, 8, 0), chunk('IDAT', zeros(2)), end),
    /2147483647 by 1 pixels/,
  ],
  [
    'a PNG that claims 2^62 pixels',
    () => png(ihdr(2 ** 31 - 1, 2 ** 31 - 1, 16, 6), chunk('IDAT', zeros(2)), end),
    /pixels/,
  ],
  [
    'a PNG of 8000 by 8000 pixels in 2 bytes',
    () => png(ihdr(8000, 8000, 16, 6), chunk('IDAT', zeros(2)), end),
    /take 512008000 bytes/,
  ],
  [
    'a PNG bomb within its claim: 64 MB of zeros',
    () => png(ihdr(8000, 8000, 8, 0), chunk('IDAT', zeros(64_008_000)), end),
    /64008000 bytes, packed in 6\d{4}/,
  ],
  [
    'a PNG bomb beyond its claim: 200 MB in one pixel',
    () => png(ihdr(1, 1, 8, 0), chunk('IDAT', zeros(200_000_000)), end),
    /more than 2 bytes/,
  ],
  [
    'a PNG whose chunk is longer than the file',
    () => png(ihdr(1, 1, 8, 0), [0x7f, 255, 255, 255, 73, 68, 65, 84, 0, 0, 0, 0]),
    /ends within a chunk/,
  ],
  [
    'a PNG with a palette of 3 MB',
    () => png(ihdr(1, 1, 8, 3), chunk('PLTE', filled('x', 3_000_000)), end),
    /PLTE chunk has 3000000 bytes/,
  ],
  [
    'a PNG with two palettes',
    () => makePng({ ...pixel, colourType: 3, before: [...chunk('PLTE', [1, 2, 3]), ...chunk('PLTE', [1, 2, 3])] }),
    /two PLTE/,
  ],
  ['a PNG with two headers', () => makePng({ ...pixel, before: ihdr(9000, 9000, 8, 0) }), /begin with one IHDR/],
  ['a PNG with no pixels', () => png(ihdr(1, 1, 8, 0), end), /cannot be unpacked|unpack to 0 bytes/],
];
refusesAll((bytes) => imageExample(bytes), pngs);

test('a PNG with 200,000 empty IDAT chunks is read in a second: the decoder sees one', async () => {
  const empty = Uint8Array.from(chunk('IDAT', []));
  const many = new Uint8Array(Buffer.concat(Array(200_000).fill(empty)));
  const file = png(ihdr(2, 1, 8, 0), many, chunk('IDAT', deflateSync(Uint8Array.of(0, 5, 6))), end);
  await inTime(async () => assert.equal((await imageExample(file)).x.data, Uint8Array.of(5, 6)), 2 ** 25);
});

const { greyJpeg: grey, progressiveJpeg: progressive } = fixtures;
/** Where a segment begins: the n-th of its marker. */
function find(file: Uint8Array, marker: number, n = 0): number {
  let at = -1;
  for (let left = n; left >= 0; left--)
    at = file.findIndex((byte, i) => i > at && byte === 0xff && file[i + 1] === marker);
  return at;
}
function changed(file: Uint8Array, at: number, ...bytes: number[]): Uint8Array {
  const out = file.slice();
  out.set(bytes, at);
  return out;
}
const insert = (file: Uint8Array, at: number, ...parts: Uint8Array[]) =>
  joined(file.subarray(0, at), ...parts, file.subarray(at));
const sized = (file: Uint8Array, sof: number, height: number, width: number) =>
  changed(file, find(file, sof) + 5, height >> 8, height & 255, width >> 8, width & 255);
const lastScan = find(progressive, 0xda, 1);
const scan = progressive.subarray(lastScan, find(progressive, 0xc4, 5));

refusesAll(
  (bytes) => imageExample(bytes),
  [
    ['a JPEG of 65535 by 65535 pixels', () => sized(grey, 0xc0, 65535, 65535), /65535 by 65535 pixels: allowed/],
    ['a JPEG of 8000 by 8000 pixels in 300 bytes', () => sized(grey, 0xc0, 8000, 8000), /too few/],
    ['a progressive JPEG of 8000 by 8000 pixels in 700 bytes', () => sized(progressive, 0xc2, 8000, 8000), /too few/],
    // Enough bytes for every block, and 27 million samples out of them.
    [
      'a JPEG bomb',
      () => insert(sized(progressive, 0xc2, 3000, 3000), progressive.length - 2, new Uint8Array(60_000)),
      /more than 256 samples a byte/,
    ],
    // Runs of empty blocks make a scan over the whole image out of a few bytes.
    [
      'a progressive JPEG of 2,000 scans',
      () =>
        insert(
          insert(sized(progressive, 0xc2, 1800, 1800), progressive.length - 2, new Uint8Array(20_000)),
          lastScan,
          ...Array(2000).fill(scan),
        ),
      /scans go through \d+ blocks/,
    ],
    ['a JPEG with 255 components', () => changed(grey, find(grey, 0xc0) + 9, 255), /frame header is damaged/],
    ['a JPEG with sampling factors of 15', () => changed(grey, find(grey, 0xc0) + 11, 255), /frame header is damaged/],
    [
      'a JPEG with a Huffman table of too many codes',
      () => changed(grey, find(grey, 0xc4) + 5, ...Array(16).fill(255)),
      /Huffman table is damaged/,
    ],
    [
      'a JPEG with a Huffman table longer than its segment',
      () => changed(grey, find(grey, 0xc4) + 20, 200),
      /Huffman table is damaged/,
    ],
    [
      'a JPEG whose codes do not fit into 16 bits',
      () => changed(grey, find(grey, 0xc4) + 5, 3),
      /Huffman table is damaged/,
    ],
    [
      'a JPEG with a quantization table longer than its segment',
      () => changed(grey, find(grey, 0xdb) + 4, 0x10),
      /quantization table is damaged/,
    ],
    [
      'a JPEG with a scan of 64 coefficients and more',
      () => changed(progressive, lastScan + 8, 255),
      /scan header is damaged/,
    ],
    [
      'a JPEG whose scan names a component that is not there',
      () => changed(grey, find(grey, 0xda) + 5, 77),
      /scan header is damaged/,
    ],
    [
      'a JPEG with two frames',
      () => insert(grey, find(grey, 0xda), grey.subarray(find(grey, 0xc0), find(grey, 0xc4))),
      /one frame header/,
    ],
    [
      'a JPEG with a scan before its frame',
      () => insert(grey, 2, grey.subarray(find(grey, 0xda))),
      /before the frame header/,
    ],
    [
      'an arithmetic-coded JPEG',
      () => changed(grey, find(grey, 0xc0) + 1, 0xc9),
      /process 9 with 8 bits is not supported/,
    ],
  ],
);

test.run();
