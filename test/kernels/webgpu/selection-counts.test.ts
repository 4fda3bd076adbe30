import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { gpuKernels } from '../../support/gpu.ts';
import { difference, LateGround, LIES } from './late-ground.ts';
import { drawnRows, kinds } from './stumbling-rows.ts';

const gpu = await gpuKernels();

test('WebGPU countBelow counts the first pairs below the bound, within what counts', async () => {
  if (gpu === null) return;
  const columns = [
    [0, 3, 7, 9],
    [2, 4, 5, 6],
    [8, 9, 10, 11],
    [0, 1, 2, 3],
  ];
  for (const within of [null, [4, 2, 0, 3]]) {
    for (const bound of [0, 1, 3, 4, 8, 100]) {
      const ground = new LateGround(gpu);
      const out = ground.lengths(4);
      const which = ground.indices(4, 4, (i, t) => columns[i][t]);
      ground.k.countBelow(out, which, within && ground.lengths(4, (i) => within[i]), bound);
      assert.equal(
        await ground.listOf(out),
        columns.map((row, i) => row.slice(0, within?.[i] ?? 4).filter((column) => column < bound).length),
      );
      await ground.end();
    }
  }
});

test('WebGPU moveThreshold goes in doubles', async () => {
  if (gpu === null) return;
  const ground = new LateGround(gpu);
  const threshold = ground.doubles(1, () => 0);
  let expected = 0;
  for (const [turn, smallest] of [0, 0.7, 0.5, 0, 1e-30, 123.456, 3].entries()) {
    const least = ground.doubles(1, () => smallest);
    ground.k.moveThreshold(threshold, least, 0.01);
    if (smallest !== 0) expected = expected === 0 ? smallest : expected + 0.01 * (smallest - expected);
    const [found] = await ground.listOf(threshold);
    assert.ok(Math.abs(found - expected) <= 2 ** -44 * expected, `turn ${turn}: ${found}, not ${expected}`);
  }
  ground.k.moveThreshold(
    threshold,
    ground.doubles(1, () => Number.NaN),
    0.01,
  );
  assert.ok(Number.isNaN((await ground.listOf(threshold))[0]));
  await ground.end();
});

test('WebGPU countBytes and countEqual add whole numbers', async () => {
  if (gpu === null) return;
  for (const [turn, kind] of Object.keys(kinds).entries()) {
    const ground = new LateGround(gpu);
    const before = drawnRows(7, 131, kind, turn + 1);
    const a = ground.matrix(7, 131, (i, j) => before[i][j], LIES[turn % 4]);
    const bits = (value: number) => new Uint32Array(Float32Array.of(value).buffer)[0];
    const all = before.flat().filter((value) => value > 0);
    for (const like of [...all.slice(0, 2), 1]) {
      for (let byte = 0; byte < 4; byte++) {
        const expected = new Array(258).fill(0);
        for (const value of all) {
          if (byte === 0 || bits(value) >>> (32 - 8 * byte) === bits(like) >>> (32 - 8 * byte))
            expected[1 + ((bits(value) >>> (24 - 8 * byte)) & 255)] += 2;
        }
        const found = await ground.slots(258, (results) => {
          ground.k.countBytes(results, 1, a, byte, like);
          ground.k.countBytes(results, 1, a, byte, like);
        });
        assert.is(difference(found, expected), -1, `${kind}, byte ${byte} like ${like}`);
      }
    }
    for (const value of [0.5, 0, -0, 0.1, Number.NaN, before[3][50]]) {
      const expected = [0, ...before.map((row) => row.filter((each) => each === value).length), 0];
      const found = await ground.slots(9, (results) => ground.k.countEqual(results, 1, a, value));
      assert.is(difference(found, expected), -1, `${kind}, equal to ${value}: ${found}, not ${expected}`);
    }
    await ground.end();
  }
});

test.run();
