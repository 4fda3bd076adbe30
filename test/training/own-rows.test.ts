import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyNumbers, matrix, toFlat, type View } from '../../src/array/matrix.ts';
import { numberAt } from '../../src/array/numbers.ts';
import { batchRows } from '../../src/data/stream/batches.ts';
import { preprocessedSource } from '../../src/data/stream/preprocessed-source.ts';
import { type RowSource, readRowsOf, sourceRange } from '../../src/data/stream/row-source.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { type Group, shareOf } from '../../src/model/group.ts';
import { createFeed } from '../../src/training/feed.ts';
import { type FitOptions, planFit } from '../../src/training/options.ts';
import { ownRows } from '../../src/training/own-rows.ts';
import { train } from '../../src/training/train.ts';
import { CountingRows, CountingSource } from '../support/sources.ts';
import { splitGroups } from '../support/split-group.ts';
import { BLOCK, D, M, models, optimizers, types, x } from './feed-runs.ts';

// Of a source in blocks every process reads and holds its own rows of every batch, and no others.

async function run(
  config: AutoencoderConfig,
  data: View<AnyNumbers> | RowSource,
  options: FitOptions,
  group?: Group,
  block = BLOCK,
) {
  const model = await Autoencoder.create(config);
  const plan = planFit(options, M, 4);
  const { cost } = await train(model.engine, { identity: {}, x: data, plan, block, group });
  return [cost, ...Object.values(await model.parameters()).flatMap((view) => [...toFlat(view)])];
}

test('ownRows are those that a process takes of the batches of an epoch', () => {
  for (const batchSize of [1, 5, 7, 8, 20, 53, 60]) {
    for (const block of [8, 11, 53]) {
      for (const size of [1, 2, 3, 4]) {
        for (let rank = 0; rank < size; rank++) {
          const order = { seed: 4, epoch: 3, block };
          const expected = batchRows(M, batchSize, order)
            .flatMap((rows) => [...shareOf(rows, { rank, size } as Group)])
            .sort((a, b) => a - b);
          if (block >= M && batchSize < M) continue; // whose one block is held whole
          const found: number[] = [];
          for (let number = 0; number * block < M; number++) {
            const own = ownRows(number, M, batchSize, order, { rank, size });
            found.push(...[...own].map((row) => number * block + row));
          }
          assert.equal(found, expected, `batches of ${batchSize}, blocks of ${block}, rank ${rank} of ${size}`);
        }
      }
    }
  }
});

test('several processes that read their own rows get the bits of rows in memory', async () => {
  for (const [name, config] of Object.entries(models)) {
    for (const [type, data] of Object.entries(types)) {
      for (const batchSize of [3, 7, 20, 53]) {
        const options = { optimizer: optimizers[1], epochs: 3, batchSize };
        for (const size of [2, 3]) {
          const expected = await Promise.all(splitGroups(size).map((group) => run(config, data, options, group)));
          for (const Source of [CountingRows, CountingSource]) {
            const sources = splitGroups(size).map(() => new Source(data));
            const ranks = await Promise.all(
              splitGroups(size).map((group) => run(config, sources[group.rank], options, group)),
            );
            const what = `${name}, ${type}, batches of ${batchSize} on ${size} by ${Source.name}`;
            assert.equal(ranks, expected, what);
          }
        }
      }
    }
  }
});

test('the rows that processes read are apart, all rows together, once an epoch', async () => {
  const options = { optimizer: optimizers[0], epochs: 3, batchSize: 7 };
  const sources = [0, 1, 2].map(() => new CountingRows(x));
  await Promise.all(splitGroups(3).map((group) => run(models.kl, sources[group.rank], options, group)));
  const counts = new Array(M).fill(0);
  for (const { rowReads, reads, mostHeld } of sources) {
    assert.equal(reads, [[0, M]], 'blocks are read whole where examples are compared, at the start');
    assert.ok(mostHeld <= 2 + BLOCK, `${mostHeld}`);
    for (const row of rowReads.flat()) counts[row]++;
  }
  assert.equal(counts, new Array(M).fill(3));
});

test('a batch that is the whole set is read once, each process its own neighbours', async () => {
  const sources = [0, 1].map(() => new CountingRows(x));
  const options = { optimizer: { kind: 'lbfgs', iterations: 4 } } as const;
  const ranks = await Promise.all(
    splitGroups(2).map((group) => run(models.float64, sources[group.rank], options, group, M)),
  );
  const expected = await Promise.all(splitGroups(2).map((group) => run(models.float64, x, options, group, M)));
  assert.equal(ranks, expected);
  const rows = Array.from({ length: M }, (_, i) => i);
  assert.equal(
    sources.map(({ rowReads }) => rowReads),
    [[rows.slice(0, 26)], [rows.slice(26)]],
  );
});

test('rows are checked by their numbers in the source, in the process that has them', async () => {
  const data = x.data.slice();
  data[41 * D + 2] = Number.NaN;
  const checked: number[] = [];
  const check = (rows: View<AnyNumbers>, rowOf: (row: number) => number) => {
    for (let i = 0; i < rows.shape[0]; i++) {
      assert.is(numberAt(rows.data, rows.offset + i * rows.stride[0]), data[rowOf(i) * D]);
      checked.push(rowOf(i));
    }
  };
  const plan = planFit({ optimizer: optimizers[0], epochs: 1, batchSize: M }, M, 4);
  const feed = await createFeed(new CountingRows(matrix(data, M, D)), plan, check, BLOCK, splitGroups(2)[1]);
  const { x: own, rows } = await feed.take(
    Uint32Array.from({ length: M }, (_, i) => i),
    0,
  );
  assert.equal(own.shape, [27, D]);
  assert.ok(Number.isNaN(numberAt(own.data, own.offset + rows[41] * own.stride[0] + 2)));
  await feed.close();
  assert.ok(checked.includes(41) && !checked.includes(3));
});

test('rows come through ranges and preprocessing as blocks do', async () => {
  for (const source of [new CountingRows(x), new CountingSource(x)]) {
    const part = sourceRange(source, 10, 40);
    const rows = Uint32Array.of(0, 3, 4, 5, 29);
    for (const given of [part, preprocessedSource(part, [], 'float32')]) {
      const all = await given.read(0, 30);
      const some = await readRowsOf(given, rows);
      assert.equal(some.shape, [5, D]);
      assert.equal(
        [...toFlat(some)],
        [...rows].flatMap((row) => [...toFlat(all)].slice(row * D, (row + 1) * D)),
      );
    }
  }
});

test.run();
