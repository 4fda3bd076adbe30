import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { idxExamples, isIdx, readIdx } from '../../../src/data/formats/idx.ts';
import { refused } from '../refused.ts';

const bytes = (...list: number[]) => Uint8Array.from(list);

test('readIdx reads each of the six types, big-endian', () => {
  assert.equal(readIdx(bytes(0, 0, 8, 1, 0, 0, 0, 2, 3, 255)), { shape: [2], data: Uint8Array.of(3, 255) });
  assert.equal(readIdx(bytes(0, 0, 9, 1, 0, 0, 0, 1, 255)).data, Int8Array.of(-1));
  assert.equal(readIdx(bytes(0, 0, 11, 1, 0, 0, 0, 1, 255, 0)).data, Int16Array.of(-256));
  assert.equal(readIdx(bytes(0, 0, 12, 1, 0, 0, 0, 1, 0, 1, 0, 2)).data, Int32Array.of(65538));
  assert.equal(readIdx(bytes(0, 0, 13, 1, 0, 0, 0, 1, 0x3f, 0xc0, 0, 0)).data, Float32Array.of(1.5));
  assert.equal(readIdx(bytes(0, 0, 14, 1, 0, 0, 0, 1, 0xc0, 4, 0, 0, 0, 0, 0, 0)).data, Float64Array.of(-2.5));
});

test('readIdx reads a view into a larger buffer', () => {
  const file = bytes(9, 9, 9, 0, 0, 8, 1, 0, 0, 0, 2, 3, 4, 9).subarray(3, 13);
  assert.equal(readIdx(file).data, Uint8Array.of(3, 4));
});

test('readIdx copies, even from a Node Buffer, whose slice would share memory', () => {
  const file = Buffer.from([0, 0, 8, 1, 0, 0, 0, 1, 7]);
  const { data } = readIdx(file);
  file[8] = 0;
  assert.equal(data, Uint8Array.of(7));
});

test('idxExamples takes three axes as grey images of unit 255', () => {
  const examples = idxExamples(bytes(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4));
  assert.equal(examples.x.shape, [2, 2]);
  assert.is(examples.x.get(1, 0), 3);
  assert.equal(examples.image, { height: 1, width: 2, channels: 1 });
  assert.is(examples.unit, 255);
});

test('readIdx refuses empty, foreign, cut, too long and huge files', async () => {
  await refused(() => readIdx(bytes()), /has 0 bytes/);
  await refused(() => readIdx(bytes(0, 0, 7, 1, 0, 0, 0, 0)), /first bytes are 00 00 07 01/);
  await refused(() => readIdx(bytes(0, 0, 8, 3, 0, 0, 0, 2, 0)), /ends within its header/);
  await refused(() => readIdx(bytes(0, 0, 8, 1, 0, 0, 0, 3, 1, 2)), /has 10 bytes, its shape \(3\) asks for 11/);
  await refused(() => readIdx(bytes(0, 0, 8, 1, 0, 0, 0, 1, 1, 2)), /asks for 9/);
  const huge = bytes(0, 0, 14, 3, ...Array(12).fill(255));
  await refused(() => readIdx(huge), /below 2\^53/);
  await refused(() => idxExamples(bytes(0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 5)), /no examples/);
});

test('isIdx knows the magic number', () => {
  assert.is(isIdx(bytes(0, 0, 8, 3)), true);
  assert.is(isIdx(bytes(0, 0, 10, 3)), false);
  assert.is(isIdx(bytes(0, 0, 8)), false);
});

test.run();
