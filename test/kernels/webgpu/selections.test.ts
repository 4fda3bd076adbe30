import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dictionaryCases } from '../../../src/node/turbo/cases/dictionaries.ts';
import { sparseCases } from '../../../src/node/turbo/cases/sparse.ts';
import { gpuKernels } from '../../support/gpu.ts';
import { assertAgree } from './agree.ts';
import { difference, LateGround, LIES, type Lie } from './late-ground.ts';
import { drawnRows, kinds, sorted, stronger } from './stumbling-rows.ts';

const gpu = await gpuKernels();

const cases = {
  selectLargest: sparseCases.selectLargest,
  selectLargestOfAll: dictionaryCases.selectLargestOfAll,
  selectAbove: dictionaryCases.selectAbove,
};
for (const [name, run] of Object.entries(cases)) {
  test(`WebGPU agrees with the reference: ${name}`, async () => {
    if (gpu !== null) await assertAgree(gpu, { [name]: run }, { relative: 0, ofLargest: 0 });
  });
}

/** Compares pairs and what is left of `a`. */
async function check(
  ground: LateGround,
  found: { values: number[][]; indices: number[][]; left: number[][] | null },
  before: readonly number[][],
  kept: readonly number[][],
  at: string,
): Promise<void> {
  for (const [i, columns] of kept.entries()) {
    const n = columns.length;
    assert.is(difference(found.indices[i].slice(0, n), columns), -1, `${at}: columns of row ${i}`);
    const values = columns.map((j) => before[i][j]);
    assert.is(difference(found.values[i].slice(0, n), values), -1, `${at}: values of row ${i}`);
    if (found.left === null) continue;
    const survives = new Set(columns);
    const left = before[i].map((value, j) => (survives.has(j) ? value : 0));
    const bad = difference(found.left[i], left);
    assert.is(bad, -1, `${at}: column ${bad} of row ${i} was left ${found.left[i][bad]}, not ${left[bad]}`);
  }
  await ground.end();
}

async function checkLargest(rows: number, columns: number, k: number, kind: string, lie: Lie, seed: number) {
  const ground = new LateGround(gpu as NonNullable<typeof gpu>);
  const before = drawnRows(rows, columns, kind, seed);
  const a = ground.matrix(rows, columns, (i, j) => before[i][j], lie);
  const values = ground.matrix(rows, k, () => -1, LIES[(LIES.indexOf(lie) + 1) % LIES.length]);
  const indices = ground.indices(rows, k);
  ground.k.selectLargest(values, indices, a);
  const found = {
    values: await ground.rowsOf(values),
    indices: await ground.rowsOf(indices),
    left: await ground.rowsOf(a),
  };
  const kept = before.map((row) => sorted(row, k));
  await check(ground, found, before, kept, `${kind}, ${rows}×${columns}, k = ${k}, ${lie}`);
}

for (const kind of Object.keys(kinds)) {
  test(`WebGPU selectLargest equals a sort: ${kind}`, async () => {
    if (gpu === null) return;
    for (const columns of [1, 2, 31, 65, 257]) {
      const lie = LIES[columns % LIES.length];
      for (const k of new Set([0, 1, columns >> 1, columns - 1, columns]))
        await checkLargest(3, columns, k, kind, lie, 1);
    }
    // Rows in which a bound is sought, and such as are longer than what is compacted at once.
    for (const [columns, k] of [
      [1025, 32],
      [3000, 256],
      [3000, 2999],
      [9001, 20],
      [20000, 700],
    ])
      await checkLargest(2, columns, k, kind, 'rows', 2);
  });
}

test('WebGPU selectLargest: few numbers above 0, and as many as fit, in rows of all lengths', async () => {
  if (gpu === null) return;
  for (let turn = 0; turn < 12; turn++)
    await checkLargest(2, 1500 + 701 * turn, 1 + ((turn * 53) % 256), 'drawn', LIES[turn % 4], turn + 3);
});

/** The count largest above 0 of all rows, of equal ones the first; NaN survives, and bounds nothing. */
function bySorting(a: readonly number[][], count: number): number[][] {
  const all = a.flatMap((row, i) => row.map((value, j) => ({ value, i, j }))).filter(({ value }) => !(value <= 0));
  const nans = all.filter(({ value }) => Number.isNaN(value)).length;
  const most = count > 0 && count <= nans ? all.length : Math.max(count, nans);
  all.sort((p, q) => stronger(q.value, p.value) || p.i - q.i || p.j - q.j);
  const kept: number[][] = a.map(() => []);
  for (const { i, j } of all.slice(0, most)) kept[i].push(j);
  return kept.map((row) => row.sort((p, q) => p - q));
}

async function checkBatch(
  before: readonly number[][],
  how: { readonly count: number } | { readonly above: number },
  kept: readonly number[][],
  lie: Lie,
  at: string,
) {
  const ground = new LateGround(gpu as NonNullable<typeof gpu>);
  const [rows, columns] = [before.length, before[0]?.length ?? 3];
  const a = ground.matrix(rows, columns, (i, j) => before[i][j], lie);
  const values = ground.matrix(rows, columns, () => -1, LIES[(LIES.indexOf(lie) + 2) % LIES.length]);
  const [indices, lengths] = [ground.indices(rows, columns), ground.lengths(rows)];
  const least = ground.doubles(1, () => 9);
  if ('count' in how) ground.k.selectLargestOfAll(values, indices, lengths, least, a, how.count);
  else
    ground.k.selectAbove(
      values,
      indices,
      lengths,
      a,
      ground.doubles(1, () => how.above),
    );
  const of = {
    values: await ground.rowsOf(values),
    indices: await ground.rowsOf(indices),
    left: await ground.rowsOf(a),
  };
  const found = await ground.listOf(lengths);
  assert.is(
    difference(
      found,
      kept.map((row) => row.length),
    ),
    -1,
    `${at}: ${found} of ${kept.map((row) => row.length)}`,
  );
  if ('count' in how) {
    const all = before.flatMap((row, i) => kept[i].map((j) => row[j]));
    const smallest = Number.isNaN(all[0]) ? Number.NaN : Math.min(...all.filter((value) => !Number.isNaN(value)));
    const [told] = await ground.listOf(least);
    assert.ok(Object.is(told, all.length === 0 ? 0 : smallest), `${at}: least ${told}, not ${smallest}`);
  }
  await check(ground, of, before, kept, at);
}

for (const kind of Object.keys(kinds)) {
  test(`WebGPU selectLargestOfAll equals a sort of the batch: ${kind}`, async () => {
    if (gpu === null) return;
    for (const [rows, columns] of [[1, 1], [7, 1], [1, 70], [9, 33], ...(kind === 'ties' ? [[300, 2]] : [[2, 8300]])]) {
      const before = drawnRows(rows, columns, kind, 5);
      const size = rows * columns;
      for (const count of new Set([0, 3, size >> 3, size - 1, size + 5])) {
        const lie = LIES[(count + rows) % LIES.length];
        await checkBatch(before, { count }, bySorting(before, count), lie, `${kind}, ${rows}×${columns}, ${count}`);
      }
    }
  });

  test(`WebGPU selectAbove keeps what is above a threshold in doubles: ${kind}`, async () => {
    if (gpu === null) return;
    const before = drawnRows(5, 301, kind, 6);
    const some = before[1][20];
    for (const above of [0, 0.5, 1, -1, some, some - 2 ** -40, some + 2 ** -40, 1e-41, Infinity, Number.NaN]) {
      const bound = Math.max(0, above);
      const kept = before.map((row) => row.flatMap((value, j) => (value <= bound ? [] : [j])));
      const all = Number.isNaN(above) ? before.map((row) => row.map((_, j) => j)) : kept;
      await checkBatch(before, { above }, all, LIES[Math.abs(Math.round(8 * above)) % 4 || 0], `${kind}, ${above}`);
    }
  });

  test(`WebGPU keepLargest equals a sort of each row of pairs: ${kind}`, async () => {
    if (gpu === null) return;
    for (const [rows, width] of [
      [3, 5],
      [4, 300],
      [2, 1],
    ]) {
      for (const within of [null, (i: number) => (2 * i + 1) % (width + 1)]) {
        for (const most of [0, 1, width >> 1, width]) {
          const ground = new LateGround(gpu);
          const lie = LIES[most % 4];
          const before = drawnRows(rows, width, kind, 7);
          const columnOf = (i: number, t: number) => 2 * t + (i % 2);
          const values = ground.matrix(rows, width, (i, t) => before[i][t], lie);
          const indices = ground.indices(rows, width, columnOf);
          const lengths = ground.lengths(rows, within ?? (() => 77));
          const a = most === 1 ? null : ground.matrix(rows, 2 * width, () => 9);
          const keep = Uint32Array.from({ length: rows }, (_, i) => (i === 1 ? 2 : most));
          ground.k.keepLargest(values, indices, lengths, within === null ? null : lengths, a, keep);
          const got = [await ground.rowsOf(values), await ground.rowsOf(indices)];
          const counts = await ground.listOf(lengths);
          const left = a === null ? null : await ground.rowsOf(a);
          for (const [i, row] of before.entries()) {
            const n = within?.(i) ?? width;
            const kept = sorted(row.slice(0, n), keep[i]);
            const at = `${kind}, ${rows}×${width}, row ${i}, ${keep[i]} of ${n}`;
            assert.is(counts[i], kept.length, at);
            const shown = got.map((all) => all[i].slice(0, kept.length));
            const wanted = [kept.map((t) => row[t]), kept.map((t) => columnOf(i, t))];
            assert.is(difference(shown[0], wanted[0]), -1, `${at}: values`);
            assert.is(difference(shown[1], wanted[1]), -1, `${at}: columns`);
            const cut = new Set(row.slice(0, n).flatMap((_, t) => (kept.includes(t) ? [] : [columnOf(i, t)])));
            const rest = left?.[i] ?? [];
            assert.is(
              difference(
                rest,
                rest.map((_, j) => (cut.has(j) ? 0 : 9)),
              ),
              -1,
              `${at}: what is left`,
            );
          }
          await ground.end();
        }
      }
    }
  });
}

test('WebGPU selections of nothing', async () => {
  if (gpu === null) return;
  await checkBatch([], { count: 3 }, [], 'rows', 'no rows');
  await checkBatch([], { above: 0 }, [], 'rows', 'no rows');
  const ground = new LateGround(gpu);
  const a = ground.matrix(0, 3, () => 1);
  ground.k.selectLargest(
    ground.matrix(0, 2, () => 1),
    ground.indices(0, 2),
    a,
  );
  await ground.end();
});

test.run();
