import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LIMITS } from '../../../src/kernels/webgpu/pairs-by-unit.ts';
import { sparseCases } from '../../../src/node/turbo/cases/sparse.ts';
import { gpuKernels } from '../../support/gpu.ts';
import { uniforms } from '../../support/views.ts';
import { assertAgree } from './agree.ts';
import { LateGround, LIES } from './late-ground.ts';

const gpu = await gpuKernels();

const { selectLargest: _, ...cases } = sparseCases;
for (const [name, run] of Object.entries(cases)) {
  test(`WebGPU agrees with the reference: ${name}`, async () => {
    if (gpu !== null) await assertAgree(gpu, { [name]: run });
  });
}

/** Rows of pairs: distinct columns, rising, more of them than one in turn; NaN and a column that does not exist behind them. */
function pairsOf(ground: LateGround, m: number, k: number, units: number, ragged: boolean, always: number | null) {
  const [draws, drawn] = [uniforms(m * units, 3), uniforms(m * k, 4)];
  const columns = Array.from({ length: m }, (_, i) => {
    const n = ragged ? [0, k, 1, k >> 1][i % 4] : k;
    const order = Array.from({ length: units }, (_value, j) => j).sort(
      (p, q) => Number(q === always) - Number(p === always) || draws[i * units + p] - draws[i * units + q],
    );
    return order.slice(0, n).sort((p, q) => p - q);
  });
  const value = (i: number, t: number) => (t < columns[i].length ? Math.fround(drawn[i * k + t]) : Number.NaN);
  return {
    columns,
    value,
    values: ground.matrix(m, k, value, LIES[k % 4]),
    indices: ground.indices(m, k, (i, t) => columns[i][t] ?? 0xffff_fff0),
    lengths: ragged ? ground.lengths(m, (i) => columns[i].length) : null,
  };
}

function matrix(rows: number, columns: number, seed: number): (i: number, j: number) => number {
  const values = uniforms(rows * columns, seed);
  return (i, j) => Math.fround(values[i * columns + j]);
}

function assertNear(found: number[][], wanted: (i: number, j: number) => number, at: string): void {
  found.forEach((row, i) => {
    const bad = row.findIndex((value, j) => !(Math.abs(value - wanted(i, j)) <= 3e-6 * (1 + Math.abs(wanted(i, j)))));
    assert.is(bad, -1, `${at}: element ${i}, ${bad} is ${row[bad]}, not ${wanted(i, bad)}`);
  });
}

// m, k, units, d: more rows than a word has bits, more pairs than a team has lanes, more units than a group numbers.
const SIZES = [
  [1, 1, 1, 1],
  [3, 2, 5, 4],
  [70, 5, 40, 33],
  [5, 100, 130, 3],
  [9, 3, 2100, 70],
  [4, 2, 3, 300],
  [0, 2, 3, 4],
] as const;

for (const ragged of [false, true]) {
  test(`WebGPU sparse products equal loops${ragged ? ' over the pairs within the lengths' : ''}`, async () => {
    if (gpu === null) return;
    for (const [m, k, units, d] of SIZES) {
      const ground = new LateGround(gpu);
      const { columns, value, values, indices, lengths } = pairsOf(ground, m, k, units, ragged, 0);
      const [x, w, before, dense] = [matrix(m, d, 5), matrix(units, d, 6), matrix(units, d, 7), matrix(m, units, 8)];
      const at = `${m}×${k} of ${units}, ${d}`;
      const lie = LIES[(k + 1) % 4];
      const rows = ground.matrix(units, d, w, lie);
      const out = ground.matrix(m, d, x);
      ground.k.addSparseRows(out, values, indices, rows, lengths);
      assertNear(
        await ground.rowsOf(out),
        (i, c) => columns[i].reduce((sum, j, t) => sum + value(i, t) * w(j, c), x(i, c)),
        `addSparseRows ${at}`,
      );
      const given = ground.matrix(m, d, x, lie);
      const dots = ground.matrix(m, k, () => 7);
      ground.k.sparseDots(dots, given, indices, rows, lengths);
      const columnAt = ground.matrix(m, units, dense, lie);
      const gathered = ground.matrix(m, k, () => 7);
      ground.k.gatherColumns(gathered, columnAt, indices, lengths);
      const dot = (i: number, j: number) =>
        Array.from({ length: d }, (_, c) => x(i, c) * w(j, c)).reduce((p, q) => p + q, 0);
      assertNear(
        await ground.rowsOf(dots),
        (i, t) => (t < columns[i].length ? dot(i, columns[i][t]) : 7),
        `sparseDots ${at}`,
      );
      assertNear(
        await ground.rowsOf(gathered),
        (i, t) => (t < columns[i].length ? dense(i, columns[i][t]) : 7),
        `gatherColumns ${at}`,
      );
      const outer = ground.matrix(units, d, before, lie);
      ground.k.addSparseOuter(outer, -0.5, values, indices, given, lengths);
      const sums = ground.vector(units, (j) => j / 7);
      ground.k.addSparseSums(sums, 0.25, values, indices, lengths);
      const [gains, adds] = [Array.from({ length: units * d }, () => 0), Array.from({ length: units }, () => 0)];
      for (const [i, row] of columns.entries()) {
        for (const [t, j] of row.entries()) {
          adds[j] += 0.25 * value(i, t);
          for (let c = 0; c < d; c++) gains[j * d + c] -= 0.5 * value(i, t) * x(i, c);
        }
      }
      const largest = 1 + Math.max(0, ...adds.map(Math.abs));
      assertNear(await ground.rowsOf(outer), (j, c) => before(j, c) + gains[j * d + c], `addSparseOuter ${at}`);
      const found = await ground.listOf(sums);
      const bad = found.findIndex((sum, j) => !(Math.abs(sum - j / 7 - adds[j]) <= 1e-6 * (largest + j / 7)));
      assert.is(bad, -1, `addSparseSums ${at}: unit ${bad} has ${found[bad]}, not ${bad / 7 + adds[bad]}`);
      await ground.end();
    }
  });
}

test('WebGPU sorts pairs anew where indices or lengths have changed', async () => {
  if (gpu === null) return;
  const ground = new LateGround(gpu);
  const { k } = ground;
  const [values, indices] = [ground.matrix(2, 1, (i) => i + 1), ground.indices(2, 1, (i) => i)];
  const lengths = ground.lengths(2, () => 1);
  const counts = () => ground.vector(3, () => 0);
  const steps: [use: () => void, lengths: typeof lengths | null, expected: number[]][] = [
    [() => {}, null, [1, 2, 0]],
    [() => {}, null, [1, 2, 0]],
    [() => k.write(indices, [2, 2]), null, [0, 0, 3]],
    [() => {}, lengths, [0, 0, 3]],
    [() => k.write(lengths, [0, 1]), lengths, [0, 0, 2]],
    [() => k.write(lengths, [1, 0]), lengths, [0, 0, 1]],
    [() => k.write(values, [5, 7]), null, [0, 0, 12]],
  ];
  for (const [n, [use, within, expected]] of steps.entries()) {
    use();
    const out = counts();
    k.addSparseSums(out, 1, values, indices, within);
    assert.equal(await ground.listOf(out), expected, `step ${n}`);
  }
  // Others in between, of as many units as there are.
  const more = [0, 1, 2].map((unit) => ground.indices(2, 1, () => unit));
  for (const turn of [0, 1, 0, 2, 1, 1, 0, 2]) {
    const out = ground.vector(4, () => 0);
    k.addSparseSums(out, 1, values, more[turn], null);
    assert.equal(
      await ground.listOf(out),
      [0, 1, 2, 3].map((unit) => (unit === turn ? 12 : 0)),
    );
  }
  const two = ground.vector(5, () => 0);
  k.addSparseSums(two, 1, values, indices, null);
  assert.equal(await ground.listOf(two), [0, 0, 12, 0, 0]);
  await ground.end();
});

test('WebGPU sums of a unit are in the order of its rows: the same bits each time', async () => {
  if (gpu === null) return;
  const bits = async () => {
    const ground = new LateGround(gpu);
    const { values, indices } = pairsOf(ground, 90, 4, 11, false, 3);
    const dense = ground.matrix(90, 5, matrix(90, 5, 9));
    const out = ground.matrix(11, 5, () => 0);
    ground.k.addSparseOuter(out, 1 / 3, values, indices, dense);
    // Row by row, each by a call of its own.
    const apart = ground.matrix(11, 5, () => 0);
    for (let i = 0; i < 90; i++) {
      const row = <V extends typeof values>(view: V) => ({
        ...view,
        shape: [1, view.shape[1]],
        offset: view.offset + i * view.stride[0],
      });
      ground.k.addSparseOuter(apart, 1 / 3, row(values), row(indices), row(dense));
    }
    const found = [await ground.rowsOf(out), await ground.rowsOf(apart)];
    await ground.end();
    return found.map((rows) => rows.flat().join());
  };
  const [first, second] = [await bits(), await bits()];
  assert.is(first[0], second[0]);
  assert.is(first[0], first[1]);
});

test('WebGPU: pairs that are too many to sort at once are sorted in several blocks of rows', async () => {
  if (gpu === null) return;
  const { ...before } = LIMITS;
  const outer = async () => {
    const ground = new LateGround(gpu);
    const { values, indices, lengths } = pairsOf(ground, 90, 4, 11, true, 3);
    const dense = ground.matrix(90, 5, matrix(90, 5, 9));
    const out = ground.matrix(11, 5, () => 0);
    ground.k.addSparseOuter(out, 1 / 3, values, indices, dense, lengths);
    const found = (await ground.rowsOf(out)).flat().join();
    await ground.end();
    return found;
  };
  const whole = await outer();
  try {
    for (const limits of [{ words: 11 }, { words: 1 }, { pairs: 4 * 64 }]) {
      Object.assign(LIMITS, before, limits);
      assert.is(await outer(), whole, JSON.stringify(limits));
    }
  } finally {
    Object.assign(LIMITS, before);
  }
});

test.run();
