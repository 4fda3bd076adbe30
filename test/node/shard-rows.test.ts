import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, toFlat } from '../../src/array/matrix.ts';
import { TwoByteNumbers } from '../../src/array/two-byte.ts';
import { writeNpy } from '../../src/data/formats/npy.ts';
import { toFloat16 } from '../../src/data/formats/to-float16.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { openShards } from '../../src/node/shards.ts';
import { planFit } from '../../src/training/options.ts';
import { train } from '../../src/training/train.ts';
import { refused } from '../data/refused.ts';
import { splitGroups } from '../support/split-group.ts';
import { uniforms } from '../support/views.ts';

// Rows of shards alone: what they are, and how many bytes of the files are read for them.

let folder = '';
let bytes = 0;
let restore = () => {};
test.before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rhohat-shard-rows-'));
  writeFileSync(join(folder, 'any'), 'x');
  const file = await open(join(folder, 'any'));
  const handle = Object.getPrototypeOf(file);
  const { read } = handle;
  handle.read = async function (...args: unknown[]) {
    const done = await read.apply(this, args);
    bytes += done.bytesRead;
    return done;
  };
  restore = () => {
    handle.read = read;
  };
  await file.close();
});
test.after(() => {
  restore();
  rmSync(folder, { recursive: true, force: true });
});

/** A folder of .npy shards of so many rows each, their numbers in order. */
async function shardsOf(
  name: string,
  d: number,
  counts: readonly number[],
  Type: typeof Float32Array | typeof Float64Array,
) {
  const path = mkdtempSync(join(folder, name));
  const all = uniforms(d * counts.reduce((sum, n) => sum + n, 0), 3, 0, 255);
  let first = 0;
  for (const [i, rows] of counts.entries()) {
    const data = Type.from(all.subarray(d * first, d * (first + rows)));
    writeFileSync(join(path, `${i}.npy`), writeNpy(matrix(data, rows, d)));
    first += rows;
  }
  const source = await openShards(path, 'float32');
  if (source === undefined) throw new Error('no shards');
  return source;
}

const draws: readonly number[][] = [[], [0], [12], [0, 12], [4, 5, 6], [0, 2, 4, 6, 8, 10, 12], [...Array(13).keys()]];

test('rows alone are those of the blocks, over borders of shards, near and far', async () => {
  for (const Type of [Float32Array, Float64Array]) {
    for (const d of [1, 3, 2000]) {
      const source = await shardsOf('rows-', d, [5, 0, 1, 7], Type);
      const whole = toFlat(await source.read(0, 13));
      let old: Awaited<ReturnType<typeof source.read>> | undefined;
      for (const draw of draws) {
        const given = await source.readRows(Uint32Array.from(draw), old);
        assert.equal(given.shape, [draw.length, d]);
        assert.is(given.unit, source.unit);
        const expected = draw.flatMap((row) => [...whole].slice(row * d, (row + 1) * d));
        const at = [...toFlat(given)].findIndex((value, i) => value !== expected[i]);
        assert.is(at, -1, `rows ${draw} of ${d} ${Type.name}`);
        old = given;
      }
    }
  }
});

test('rows of floats of two bytes stay what they are', async () => {
  const path = mkdtempSync(join(folder, 'half-'));
  const numbers = Float32Array.from(uniforms(13 * 4, 5));
  const data = Uint16Array.from(numbers, toFloat16);
  const text = "{'descr': '<f2', 'fortran_order': False, 'shape': (13, 4), }".padEnd(117);
  const head = Buffer.concat([Uint8Array.of(0x93, 78, 85, 77, 80, 89, 1, 0, 118, 0), Buffer.from(`${text}\n`)]);
  writeFileSync(join(path, 'a.npy'), Buffer.concat([head, new Uint8Array(data.buffer)]));
  const source = await openShards(path, 'float32');
  const [rows, whole] = [await source?.readRows(Uint32Array.of(1, 9)), await source?.read(0, 13)];
  assert.ok(rows?.data instanceof TwoByteNumbers && whole !== undefined);
  const all = [...toFlat(whole, new Float32Array(13 * 4))];
  assert.equal([...toFlat(rows, new Float32Array(8))], [...all.slice(4, 8), ...all.slice(36, 40)]);
});

test('rows that are far apart cost their own bytes, near ones a page between them', async () => {
  const far = await shardsOf('far-', 2000, [40, 40], Float32Array); // 8,000 bytes a row
  const rows = Uint32Array.of(0, 1, 7, 39, 40, 66, 79);
  bytes = 0;
  await far.readRows(rows);
  assert.is(bytes, rows.length * 8000);
  const near = await shardsOf('near-', 196, [400], Float32Array);
  bytes = 0;
  await near.readRows(Uint32Array.of(0, 5, 300)); // four rows lie between the first two
  assert.is(bytes, 7 * 784);
});

test('processes that train on shards read their own bytes, once an epoch, and end at the same bits', async () => {
  const d = 1500;
  const [M, BLOCK] = [48, 16];
  const source = await shardsOf('train-', d, [20, 28], Float32Array);
  const x = await source.read(0, M);
  const plan = planFit({ optimizer: { kind: 'sgd', learningRate: 1e-6 }, epochs: 2, batchSize: 8 }, M, 4);
  const run = async (data: typeof x | typeof source, group?: ReturnType<typeof splitGroups>[number]) => {
    const model = await Autoencoder.create({ inputs: d, hidden: 3 });
    await train(model.engine, { identity: {}, x: data, plan, block: BLOCK, group });
    return model.engine.kernels.copyOut(model.engine.theta);
  };
  const inMemory = await Promise.all(splitGroups(2).map((group) => run(x, group)));
  bytes = 0;
  const read = await Promise.all(splitGroups(2).map((group) => run(source, group)));
  const compared = 2 * M; // of each process 256 rows at most, before the first step
  assert.is(bytes, (2 * M + compared) * d * 4, 'two epochs, all processes together');
  for (const [rank, theta] of read.entries()) {
    const at = theta.findIndex((value, i) => !Object.is(value, inMemory[rank][i]));
    assert.is(at, -1, `parameter ${at} of rank ${rank}`);
  }
});

test('rows that there are none of are refused, and a file that was cut is named', async () => {
  const source = await shardsOf('refused-', 3, [5, 6], Float32Array);
  await refused(() => source.readRows(Uint32Array.of(4, 11)), /^row 11 is asked for: there are 11/);
  truncateSync(source.files[1].path, 190);
  await refused(() => source.readRows(Uint32Array.of(4, 10)), /1\.npy: it ends at byte 190/);
});

test.run();
