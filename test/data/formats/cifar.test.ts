import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cifarExamples, cifarKind } from '../../../src/data/formats/cifar.ts';
import { refused } from '../refused.ts';

test('cifarExamples turns planes into [row][column][channel] and leaves the label out', () => {
  const records = new Uint8Array(2 * 3073);
  records[3073] = 9; // the second record's label
  records[3073 + 1 + 33] = 10; // red at row 1, column 1
  records[3073 + 1 + 1024 + 33] = 20;
  records[3073 + 1 + 2048 + 33] = 30;
  const { x, unit, image } = cifarExamples(records);
  assert.equal([x.shape, unit, image], [[2, 3072], 255, { height: 32, width: 32, channels: 3 }]);
  const at = 33 * 3;
  assert.equal([x.get(1, at), x.get(1, at + 1), x.get(1, at + 2)], [10, 20, 30]);
  assert.is([...x.data].filter((value) => value !== 0).length, 3);
});

test('cifarExamples refuses empty and cut files', async () => {
  await refused(() => cifarExamples(new Uint8Array(0)), /has 0 bytes/);
  await refused(() => cifarExamples(new Uint8Array(3072)), /has 3072 bytes: a record takes 3073/);
});

test('cifarExamples gives the labels of CIFAR-10, and the fine or coarse ones of CIFAR-100', () => {
  const ten = new Uint8Array(2 * 3073);
  ten[3073] = 9;
  assert.equal(cifarExamples(ten).labels, Uint32Array.of(0, 9));
  const hundred = new Uint8Array(2 * 3074);
  hundred.set([19, 99], 3074);
  hundred[3074 + 2 + 1024] = 7; // green of the first pixel
  const { x, labels } = cifarExamples(hundred, 'CIFAR-100');
  assert.equal([x.shape, labels, x.get(1, 1)], [[2, 3072], Uint32Array.of(0, 99), 7]);
  assert.equal(cifarExamples(hundred, 'CIFAR-100', true).labels, Uint32Array.of(0, 19));
});

test('cifarKind goes by length and labels', () => {
  const file = (record: number, ...labels: number[]) => {
    const bytes = new Uint8Array(3 * record);
    bytes.set(labels, record);
    return bytes;
  };
  assert.is(cifarKind(file(3073, 9)), 'CIFAR-10');
  assert.is(cifarKind(file(3073, 10)), undefined);
  assert.is(cifarKind(file(3074, 19, 99)), 'CIFAR-100');
  assert.is(cifarKind(file(3074, 20, 99)), undefined);
  assert.is(cifarKind(file(3074, 19, 100)), undefined);
  assert.is(cifarKind(file(3075)), undefined);
  assert.is(cifarKind(new Uint8Array(0)), undefined);
});

test.run();
