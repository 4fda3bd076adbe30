import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toFlat } from '../../../src/array/matrix.ts';
import { npzExamples } from '../../../src/data/formats/npz.ts';
import { zipFile } from '../../../src/data/formats/zip/write-zip.ts';
import { bytesOf, refused } from '../refused.ts';

const { npz } = JSON.parse(readFileSync('data/oracles/arrays.json', 'utf8')) as {
  npz: Record<string, { base64: string; arrays: Record<string, { shape: number[]; values: number[] }> }>;
};
const file = (name: string) => bytesOf(npz[name].base64);

test('each array of numpy.savez and savez_compressed is read by its name', async () => {
  for (const kind of ['stored', 'deflated']) {
    for (const [name, { shape, values }] of Object.entries(npz[kind].arrays)) {
      const { x, unit } = await npzExamples(file(kind), { name });
      assert.equal(x.shape, [shape[0], shape.slice(1).reduce((product, n) => product * n, 1)], name);
      assert.equal([Array.from(toFlat(x)), unit], [values, ['images', 'labels'].includes(name) ? 255 : 1], name);
    }
  }
});

test('one array needs no name, and several are listed', async () => {
  assert.equal((await npzExamples(file('one'))).x.shape, [2, 3]);
  assert.equal((await npzExamples(file('deflated'), { match: { name: 'f' } })).x.shape, [2, 3]);
  await refused(
    () => npzExamples(file('deflated')),
    /^npz file: it holds x \(2×3 f8\), labels \(6 u1\), images \(2×3×4 u1\), f \(2×3 f8\): say which is meant, such as --array x/,
  );
  await refused(() => npzExamples(file('stored'), { name: 'image' }), /no array "image" \(did you mean images\?\)/);
  await refused(() => npzExamples(file('one'), { name: 'y' }), /no array "y": it holds x \(2×3 f8\); name one/);
  const labelled = zipFile(['x', 'y'].map((name) => ({ name: `${name}.npy`, bytes: npyIn(file('one')) })));
  assert.equal((await npzExamples(labelled, { labels: 'y' })).x.shape, [2, 3]);
});

test('archives of other files, and arrays of objects, are refused by name', async () => {
  const text = new TextEncoder().encode('no array');
  await refused(() => npzExamples(zipFile([{ name: 'a.txt', bytes: text }])), /holds no \.npy file/);
  await refused(() => npzExamples(zipFile([{ name: 'a.npy', bytes: text }])), /npz file: a: npy file: its first bytes/);
  const objects = new TextEncoder().encode('\u0093NUMPY\u0001\u0000');
  await refused(
    () => npzExamples(zipFile(['o', 'p'].map((name) => ({ name: `${name}.npy`, bytes: objects })))),
    /it holds no array of numbers: it holds o \(no numbers\), p/,
  );
  for (const name of ['../x.npy', '/x.npy', 'a/../../x.npy']) {
    await refused(
      () => npzExamples(renamed(zipFile([{ name: 'x'.repeat(name.length), bytes: text }]), name)),
      /names are plain/,
    );
  }
});

/** The first member's bytes of an archive of stored ones. */
function npyIn(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const begin = 30 + view.getUint16(26, true) + view.getUint16(28, true);
  const at = Buffer.from(bytes).indexOf(Buffer.from('\x93NUMPY', 'latin1'));
  assert.is(at, begin);
  return bytes.subarray(begin, begin + 128 + 48);
}

/** The archive of one member with another name of the same length. */
function renamed(bytes: Uint8Array, name: string): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1').replaceAll('x'.repeat(name.length), name);
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

test.run();
