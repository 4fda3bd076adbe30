import { createHash } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyNumbers, matrix, transposed, type View } from '../../../src/array/matrix.ts';
import { fingerprint } from '../../../src/data/stream/fingerprint.ts';
import { uniforms } from '../../support/views.ts';

const sha256 = (...parts: Uint8Array[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('fingerprint of a small set is the SHA-256 of its bytes, with shape, unit and type', async () => {
  const data = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const x: View<AnyNumbers> = Object.assign(matrix(data, 2, 3), { unit: 255 });
  assert.equal(await fingerprint(x), { shape: [2, 3], unit: 255, type: 'u1', hash: hex(sha256(data)) });
});

test('fingerprint looks at the elements, whatever their strides and storage', async () => {
  const values = Float32Array.from(uniforms(12, 1));
  const turned = matrix(new Float32Array(12), 3, 4);
  for (let i = 0; i < 4; i++) for (let j = 0; j < 3; j++) turned.set(j, i, values[3 * i + j]);
  const shared = new Float32Array(new SharedArrayBuffer(48));
  shared.set(values);
  const expected = await fingerprint(matrix(values, 4, 3));
  assert.equal(await fingerprint(transposed(turned)), expected);
  assert.equal(await fingerprint(matrix(shared, 4, 3)), expected);
  assert.not.equal((await fingerprint(matrix(values, 3, 4))).shape, expected.shape);
});

test('fingerprint chains blocks of whole rows, about 4 MiB each', async () => {
  const [m, d] = [5, 1_500_000];
  const data = Uint8Array.from({ length: m * d }, (_, i) => i % 251);
  const blocks = [data.subarray(0, 2 * d), data.subarray(2 * d, 4 * d), data.subarray(4 * d)];
  let hash = new Uint8Array(0);
  for (const block of blocks) hash = sha256(hash, block);
  assert.is((await fingerprint(matrix(data, m, d))).hash, hex(hash));
});

test.run();
