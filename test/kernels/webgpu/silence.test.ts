import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dictionaryCases } from '../../../src/node/turbo/cases/dictionaries.ts';
import { gpuKernels } from '../../support/gpu.ts';
import { uniforms } from '../../support/views.ts';
import { assertAgree } from './agree.ts';
import { difference, LateGround, LIES } from './late-ground.ts';

const gpu = await gpuKernels();

const { countActive, residualMoments, scaledSquaredError } = dictionaryCases;
for (const [name, run] of Object.entries({ countActive, residualMoments, scaledSquaredError })) {
  test(`WebGPU agrees with the reference: ${name}`, async () => {
    if (gpu !== null) await assertAgree(gpu, { [name]: run });
  });
}

test('WebGPU countActive adds whole numbers, beyond float32; −0 is 0, a NaN and a tiny number are not', async () => {
  if (gpu === null) return;
  for (const [rows, columns] of [
    [3, 5],
    [100, 300],
    [5000, 2],
  ]) {
    const ground = new LateGround(gpu);
    const numberOf = (i: number, j: number) => [0, -0, Number.NaN, 1e-42, -3][(i * 7 + 3 * j) % 5];
    const a = ground.matrix(rows, columns, numberOf, LIES[rows % 4]);
    const before = (j: number) => [0, 2 ** 24 - 1, 2 ** 40 + 1, 2 ** 47 - 3][j % 4];
    const counts = ground.doubles(columns, before);
    ground.k.countActive(counts, a);
    const wanted = Array.from({ length: columns }, (_, j) => {
      let count = 0;
      for (let i = 0; i < rows; i++) if (numberOf(i, j) !== 0) count++;
      return before(j) + count;
    });
    const found = await ground.listOf(counts);
    const bad = difference(found, wanted);
    assert.is(bad, -1, `${rows}×${columns}: unit ${bad} has ${found[bad]}, not ${wanted[bad]}`);
    await ground.end();
  }
});

test('WebGPU countActivePairs counts the pairs that count and are not 0', async () => {
  if (gpu === null) return;
  const pairs = [
    { columns: [0, 2, 4], values: [1, 0, -2], length: 3 },
    { columns: [1, 2, 3], values: [0.5, Number.NaN, 7], length: 2 },
    { columns: [0, 1, 2], values: [1, 1, 1], length: 0 },
  ];
  const ground = new LateGround(gpu);
  const values = ground.matrix(3, 3, (i, t) => pairs[i].values[t], 'gaps');
  const which = ground.indices(3, 3, (i, t) => pairs[i].columns[t]);
  const some = ground.doubles(5, () => 2 ** 30 - 1);
  const lengths = ground.lengths(3, (i) => pairs[i].length);
  ground.k.countActivePairs(some, values, which, lengths);
  assert.equal(
    (await ground.listOf(some)).map((count) => count - 2 ** 30 + 1),
    [1, 1, 1, 0, 1],
  );
  const all = ground.doubles(5, () => 0);
  ground.k.countActivePairs(all, values, which, null);
  assert.equal(await ground.listOf(all), [2, 2, 2, 1, 1]);
  await ground.end();
});

test('WebGPU advanceSilence counts examples exactly', async () => {
  if (gpu === null) return;
  const before = [5, 2 ** 24, 2 ** 40, 7, 2 ** 24 - 1, 2 ** 25 - 1, 2 ** 40 - 1, 2 ** 47 + 5, 0, 123456789];
  for (const examples of [1, 100, 2 ** 24 - 1, 2 ** 26 + 3]) {
    const ground = new LateGround(gpu);
    const silence = ground.doubles(before.length, (j) => before[j]);
    const counts = ground.doubles(before.length, (j) => [1, 0, 0, 3][j] ?? 0);
    const next = ground.doubles(before.length, () => Number.NaN);
    ground.k.advanceSilence(next, silence, counts, examples);
    const wanted = before.map((value, j) => (j === 0 || j === 3 ? 0 : value + examples));
    assert.equal(await ground.listOf(next), wanted);
    assert.equal(await ground.listOf(silence), before);
    await ground.end();
  }
});

/** Columns of the silent units of largest z, the lower of equal ones; a NaN is the largest. */
function silentOf(row: readonly number[], silence: readonly number[], limit: number, width: number): number[] {
  const rank = (value: number) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value);
  return row
    .map((_, j) => j)
    .filter((j) => silence[j] >= limit)
    .sort((p, q) => (rank(row[p]) === rank(row[q]) ? p - q : rank(row[q]) - rank(row[p])))
    .slice(0, width)
    .sort((p, q) => p - q);
}

for (const kind of ['drawn', 'ties', 'NaN', 'all −∞'] as const) {
  test(`WebGPU selectSilent equals a sort of the silent units: ${kind}`, async () => {
    if (gpu === null) return;
    for (const [rows, columns, width] of [
      [2, 1, 1],
      [3, 40, 3],
      [3, 40, 40],
      [2, 9000, 32],
      [0, 3, 1],
    ]) {
      const draws = uniforms(rows * columns, 6);
      const zOf = (i: number, j: number) => {
        const draw = Math.fround(draws[i * columns + j]);
        if (kind === 'NaN' && (3 * i + j) % 5 === 0) return Number.NaN;
        return kind === 'all −∞' ? Number.NEGATIVE_INFINITY : kind === 'ties' ? Math.round(draw) : draw;
      };
      const silent = Array.from({ length: columns }, (_, j) => ((7 * j) % 5 === 4 ? 2 ** 40 + 1 : (7 * j) % 5));
      for (const limit of [0, 1, 2.5, 3, 2 ** 40 + 1, 2 ** 40 + 2, Number.POSITIVE_INFINITY]) {
        const ground = new LateGround(gpu);
        const z = ground.matrix(rows, columns, zOf, LIES[width % 4]);
        const silence = ground.doubles(columns, (j) => silent[j]);
        const values = ground.matrix(rows, width, () => -1);
        const [indices, lengths] = [ground.indices(rows, width), ground.lengths(rows)];
        ground.k.selectSilent(values, indices, lengths, z, silence, limit);
        const found = [await ground.rowsOf(values), await ground.rowsOf(indices)];
        const counts = await ground.listOf(lengths);
        for (let i = 0; i < rows; i++) {
          const row = Array.from({ length: columns }, (_, j) => zOf(i, j));
          const wanted = silentOf(row, silent, limit, width);
          const at = `${kind}, ${rows}×${columns}, width ${width}, limit ${limit}, row ${i}`;
          assert.is(counts[i], wanted.length, at);
          assert.is(difference(found[1][i].slice(0, counts[i]), wanted), -1, `${at}: columns`);
          const values = wanted.map((j) => row[j]);
          assert.is(difference(found[0][i].slice(0, counts[i]), values), -1, `${at}: values`);
        }
        await ground.end();
      }
    }
  });
}

const close = (found: number, wanted: number, relative: number) =>
  Object.is(found, wanted) || Math.abs(found - wanted) <= relative * Math.abs(wanted);

test('WebGPU residualMoments and auxiliaryScale reach beyond float32', async () => {
  if (gpu === null) return;
  for (const [rows, d] of [
    [2, 1],
    [7, 9],
    [300, 5],
    [40, 300],
  ]) {
    const ground = new LateGround(gpu);
    const draws = uniforms(rows * d, 9);
    // A mean that is large beside the spread, which float32 alone would lose.
    const eOf = (k: number, i: number) => Math.fround(3 + i / 7 + draws[k * d + i] / 1024);
    const moments = ground.doubles(d + 1, () => Number.NaN);
    ground.k.residualMoments(moments, ground.matrix(rows, d, eOf, LIES[d % 4]));
    const sums = Array.from({ length: d + 1 }, () => 0);
    for (let k = 0; k < rows; k++) {
      for (let i = 0; i < d; i++) {
        sums[i] += eOf(k, i);
        sums[d] += eOf(k, i) ** 2;
      }
    }
    const found = await ground.listOf(moments);
    const bad = found.findIndex((value, i) => !close(value, sums[i], 2 ** -42));
    assert.is(bad, -1, `${rows}×${d}: moment ${bad} is ${found[bad]}, not ${sums[bad]}`);
    let spread = 0;
    for (let i = 0; i < d; i++) for (let k = 0; k < rows; k++) spread += (eOf(k, i) - sums[i] / rows) ** 2;
    const silence = ground.doubles(3, (j) => [2, 5, 1][j]);
    for (const [limit, wanted] of [
      [5, 0.3 / spread],
      [6, 0],
    ]) {
      const scale = ground.doubles(1, () => Number.NaN);
      ground.k.auxiliaryScale(scale, moments, silence, limit, 0.3, rows);
      const [got] = await ground.listOf(scale);
      assert.ok(close(got, wanted, 1e-5), `${rows}×${d}, limit ${limit}: ${got}, not ${wanted}`);
    }
    await ground.end();
  }
});

test('WebGPU auxiliaryScale is 0 of equal residuals, and shows a NaN', async () => {
  if (gpu === null) return;
  const ground = new LateGround(gpu);
  const silence = ground.doubles(1, () => 9);
  const scales = [];
  for (let seed = 1; seed < 12; seed++) {
    const row = uniforms(9, seed);
    for (const m of [1, 2, 7, 300]) {
      const [moments, scale] = [ground.doubles(10, () => 0), ground.doubles(1, () => Number.NaN)];
      ground.k.residualMoments(
        moments,
        ground.matrix(m, 9, (_, i) => Math.fround(row[i])),
      );
      ground.k.auxiliaryScale(scale, moments, silence, 1, 1 / 32, m);
      scales.push(scale);
    }
  }
  for (const [n, scale] of scales.entries()) assert.equal(await ground.listOf(scale), [0], `scale ${n}`);
  for (const shown of [
    [Number.NaN, 1],
    [1, Number.NaN],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ]) {
    const scale = ground.doubles(1, () => 0);
    ground.k.auxiliaryScale(
      scale,
      ground.doubles(2, (i) => shown[i]),
      silence,
      1,
      1 / 32,
      3,
    );
    assert.ok(Number.isNaN((await ground.listOf(scale))[0]), `moments ${shown}`);
  }
  await ground.end();
});

test('WebGPU silentScale is (α/m)·min(silent/most, 1)', async () => {
  if (gpu === null) return;
  const ground = new LateGround(gpu);
  const silence = ground.doubles(700, (j) => j);
  for (const [limit, silent] of [
    [0, 700],
    [2, 698],
    [4.5, 695],
    [900, 0],
  ]) {
    for (const most of [1, 699, 1001]) {
      const scale = ground.doubles(1, () => Number.NaN);
      ground.k.silentScale(scale, silence, limit, most, 0.3, 7);
      const [found] = await ground.listOf(scale);
      const wanted = (0.3 / 7) * Math.min(silent / most, 1);
      assert.ok(close(found, wanted, 2 ** -44), `limit ${limit}, most ${most}: ${found}, not ${wanted}`);
    }
  }
  await ground.end();
});

test.run();
