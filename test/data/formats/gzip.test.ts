import { gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { gunzip, isGzip } from '../../../src/data/formats/gzip.ts';
import { refused } from '../refused.ts';

const content = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) % 251);
const packed = new Uint8Array(gzipSync(content));

test('gunzip gives back what was packed', async () => {
  assert.is(isGzip(packed), true);
  assert.equal(await gunzip(packed, 100_000), content);
});

test('gunzip refuses streams that were cut anywhere', async () => {
  for (const length of [3, 10, 18, Math.floor(packed.length / 2), packed.length - 8, packed.length - 1]) {
    await refused(() => gunzip(packed.subarray(0, length), 1e6), /cannot be unpacked .* cut or is damaged/);
  }
});

test('gunzip refuses damaged streams and other files', async () => {
  const damaged = packed.slice();
  damaged[damaged.length - 6] ^= 1; // in the checksum
  await refused(() => gunzip(damaged, 1e6), /cannot be unpacked/);
  await refused(() => gunzip(new Uint8Array(0), 1e6), /first bytes are not 1f 8b 08/);
});

test('gunzip stops at the limit', async () => {
  await refused(() => gunzip(packed, 99_999), /more than 99999 bytes/);
  const bomb = new Uint8Array(gzipSync(new Uint8Array(50_000_000)));
  await refused(() => gunzip(bomb, 1000), /more than 1000 bytes/);
});

test.run();
