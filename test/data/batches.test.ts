import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { permutation, stream } from '../../src/array/random.ts';
import { batchRows } from '../../src/data/batches.ts';
import { refused } from './refused.ts';

test('batchRows cuts the permutation that seed and epoch name', () => {
  const batches = batchRows(10, 4, { seed: 3, epoch: 2 });
  assert.equal(
    batches.map((batch) => batch.length),
    [4, 4, 2],
  );
  const rows = batches.flatMap((batch) => [...batch]);
  assert.equal(rows, [...permutation(10, { seed: 3, stream: stream.shuffling, counter: 2 })]);
  assert.equal(
    [...rows].sort((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
  assert.not.equal(
    rows,
    batchRows(10, 4, { seed: 3, epoch: 3 }).flatMap((batch) => [...batch]),
  );
});

test('batchRows gives a full batch in natural order whatever the seed', () => {
  for (const batchSize of [5, 6, 1000]) {
    assert.equal(batchRows(5, batchSize, { seed: 9, epoch: 1 }), [Uint32Array.of(0, 1, 2, 3, 4)]);
  }
});

test('batchRows refuses sizes and seeds that are no integers', async () => {
  await refused(() => batchRows(0, 4, { seed: 1, epoch: 0 }), /count is 0/);
  await refused(() => batchRows(10, 0, { seed: 1, epoch: 0 }), /batchSize is 0/);
  await refused(() => batchRows(10, NaN, { seed: 1, epoch: 0 }), /batchSize is NaN/);
  await refused(() => batchRows(10, 4, { seed: -1, epoch: 0 }), /seed is -1/);
});

test.run();
