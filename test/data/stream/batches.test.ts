import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { permutation, stream } from '../../../src/array/random.ts';
import { batchRows, blockOrder, eachBatch } from '../../../src/data/stream/batches.ts';
import { blockRows } from '../../../src/data/stream/blocks.ts';
import { refused } from '../refused.ts';

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

test('data of several blocks: a permutation of the blocks and one within each, batches running on across borders', () => {
  for (const [count, batchSize, block] of [
    [100, 7, 16],
    [64, 16, 16],
    [50, 40, 8],
    [33, 1, 32],
  ]) {
    const order = { seed: 3, epoch: 1, block };
    const batches = batchRows(count, batchSize, order);
    assert.ok(batches.slice(0, -1).every((batch) => batch.length === batchSize));
    const rows = batches.flatMap((batch) => [...batch]);
    assert.equal(
      [...rows].sort((a, b) => a - b),
      Array.from({ length: count }, (_, i) => i),
    );
    const blocks = rows.map((row) => Math.floor(row / block));
    const visited = blocks.filter((b, i) => b !== blocks[i - 1]);
    assert.equal(visited, [...blockOrder(count, batchSize, order)], 'each block in one go');
    assert.equal([...eachBatch(count, batchSize, order)], batches);
  }
});

test('the order of several blocks is a function of seed and epoch, and no two blocks or epochs share one', () => {
  const rows = (seed: number, epoch: number) =>
    batchRows(400, 9, { seed, epoch, block: 100 }).flatMap((batch) => [...batch]);
  assert.equal(rows(1, 0), rows(1, 0));
  const orders = [rows(1, 0), rows(1, 1), rows(2, 0)].flatMap((order) =>
    Array.from({ length: 4 }, (_, i) => order.slice(100 * i, 100 * i + 100).map((row) => row % 100)).map(String),
  );
  assert.is(new Set(orders).size, 12);
  const [count, batchSize] = [12, 5];
  assert.equal(
    batchRows(count, batchSize, { seed: 1, epoch: 0, block: 4 }).map((batch) => [...batch]),
    [
      [6, 4, 7, 5, 9],
      [10, 11, 8, 2, 3],
      [1, 0],
    ],
    'never to change: results would',
  );
});

test('blockRows: one block up to 2^26 numbers, else blocks of 2^24', () => {
  assert.is(blockRows(60_000, 784), 60_000);
  assert.is(blockRows(65_536, 1024), 65_536);
  assert.is(blockRows(65_537, 1024), 16_384);
  assert.is(blockRows(5_500_000, 784), 21_399);
  assert.is(blockRows(10, 2 ** 25), 1);
});

test.run();
