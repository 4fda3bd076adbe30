import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { unpack, unpackFile } from '../../src/node/unpack.ts';
import { refused } from '../data/refused.ts';

const content = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) % 251);
const packed = new Uint8Array(gzipSync(content));

test('unpack gives back what was packed, in storage of about its size', async () => {
  const out = await unpack(packed, 100_000);
  assert.equal(out, content);
  assert.ok(out.buffer.byteLength < 101_000);
  assert.equal(await unpack(new Uint8Array(gzipSync(new Uint8Array(0))), 10), new Uint8Array(0));
});

test('unpack reads files of several members, whose last bytes announce the last member alone', async () => {
  const two = Buffer.concat([gzipSync(content), gzipSync(Uint8Array.of(1, 2))]);
  assert.equal(await unpack(two, 1e6), Uint8Array.of(...content, 1, 2));
});

test('unpackFile reads a file piece by piece, and gives what unpack does of its bytes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rhohat-unpack-'));
  const noise = Uint8Array.from({ length: 300_000 }, (_, i) => Math.imul(i ^ (i >>> 7), 2654435761) >>> 24);
  const cut = gzipSync(noise).subarray(0, -20);
  for (const bytes of [packed, gzipSync(noise), Buffer.concat([gzipSync(noise), gzipSync(content)]), cut]) {
    writeFileSync(join(folder, 'x.gz'), bytes);
    const file = await open(join(folder, 'x.gz'));
    const ofBytes = await unpack(bytes, 1e6).catch((error: Error) => error.message);
    const ofFile = await unpackFile(file, bytes.length, 1e6).catch((error: Error) => error.message);
    await file.close();
    assert.equal(ofFile, ofBytes);
    assert.is(typeof ofFile === 'string', bytes === cut);
  }
  rmSync(folder, { recursive: true });
});

test('unpack refuses files that were cut anywhere, and damaged ones', async () => {
  for (const length of [3, 10, 18, Math.floor(packed.length / 2), packed.length - 8, packed.length - 1]) {
    await refused(() => unpack(packed.subarray(0, length), 1e6), /^gzip file: it cannot be unpacked .* was cut/);
  }
  const damaged = packed.slice();
  damaged[damaged.length - 6] ^= 1; // in the checksum
  await refused(() => unpack(damaged, 1e6), /cannot be unpacked/);
  damaged.fill(255, damaged.length - 4); // announces 4 GiB
  await refused(() => unpack(damaged, 1e6), /cannot be unpacked/);
});

test('unpack stops at the limit', async () => {
  await refused(() => unpack(packed, 99_999), /more than 99999 bytes/);
  await refused(() => unpack(new Uint8Array(gzipSync(new Uint8Array(50_000_000))), 1000), /more than 1000 bytes/);
});

test.run();
