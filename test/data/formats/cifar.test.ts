import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cifarExamples } from '../../../src/data/formats/cifar.ts';
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

test.run();
