import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createReferenceKernels } from '../../../src/kernels/reference/reference.ts';
import { MOST_UNITS } from '../../../src/kernels/simd/select.ts';
import { assertGuard, uniforms } from '../../support/views.ts';
import {
  bitsOf,
  type HeapLayout,
  heapIndices,
  heapLayouts,
  heapView,
  INDEX_GUARD,
  shuffled,
  simd,
} from './survivor-views.ts';

const reference = createReferenceKernels('float32');

/** Bits of values, of what is left of `a` (every NaN counts as one), and the indices, of one call. */
function select(
  kernels: typeof simd,
  rows: readonly (readonly number[])[],
  k: number,
  values: HeapLayout,
  source: HeapLayout,
) {
  const [m, units] = [rows.length, rows[0]?.length ?? 0];
  const a = heapView(m, units, source, (i, j) => rows[i][j]);
  const kept = heapView(m, k, values, () => -5);
  const indices = heapIndices(m, k, values === 'rows' ? 0 : -2, () => 77);
  kernels.selectLargest(kept, indices, a);
  for (const view of [a, kept]) assertGuard(view);
  assert.is(indices.data.filter((value) => value === INDEX_GUARD).length, indices.data.length - m * k, 'a gap');
  const columns = Array.from({ length: m * k }, (_, p) => indices.get(Math.floor(p / k), p % k));
  return [columns, [...bitsOf(kept)], [...bitsOf(a)]];
}

function check(rows: readonly (readonly number[])[], k: number, out: HeapLayout = 'rows', a: HeapLayout = 'rows') {
  const expected = select(reference, rows, k, out, a);
  assert.equal(select(simd, rows, k, out, a), expected);
  assert.equal(select(shuffled, rows, k, out, a), expected);
}

const grid = (m: number, units: number, seed: number, f = (u: number) => u) => {
  const draws = uniforms(m * units, seed);
  return Array.from({ length: m }, (_, i) => Array.from({ length: units }, (_value, j) => f(draws[i * units + j])));
};

/** 0, 1, about a tenth, half, all but one and all of the units. */
const survivors = (units: number) =>
  [0, 1, Math.ceil(units / 10), units >> 1, units - 1, units].filter((k, p, all) => k >= 0 && all.indexOf(k) === p);

test('selectLargest is the reference’s, bit for bit, in every layout', () => {
  for (const [m, units] of [
    [0, 3],
    [3, 1],
    [2, 2],
    [5, 3],
    [2, 4],
    [3, 5],
    [4, 63],
    [9, 130],
  ]) {
    for (const k of survivors(units)) {
      for (const out of ['rows', 'gaps', 'transposed', 'reversed']) {
        for (const a of Object.keys(heapLayouts)) check(grid(m, units, 1), k, out, a);
      }
    }
  }
});

test('selectLargest is the reference’s for long rows, spread over all magnitudes, and full of ties', () => {
  for (const units of [999, 1000, 5000]) {
    for (const k of [1, 40, units >> 1, units - 3]) {
      check(grid(3, units, 2), k);
      check(
        grid(2, units, 3, (u) => Math.sign(u) * 2 ** (250 * Math.abs(u) - 125)),
        k,
      );
      check(
        grid(2, units, 4, (u) => Math.max(0, Math.round(8 * u))),
        k,
      );
      check(
        grid(2, units, 5, (u) => Math.round(2 ** 20 * u) * 2 ** -149),
        k,
      );
    }
  }
});

test('selectLargest finds rising, falling and constant rows', () => {
  for (const k of [0, 1, 7, 99, 100]) {
    check(
      [(j: number) => j, (j: number) => -j, () => 3, () => -0, (j: number) => (j === 50 ? 1e38 : -1e38)].map((f) =>
        Array.from({ length: 100 }, (_, j) => f(j)),
      ),
      k,
    );
  }
});

test('selectLargest takes the lower columns of equal values, −0 being equal to 0, infinities and single roundings apart', () => {
  const tiny = 2 ** -149;
  const distinct = [0, -0, 1, -1, 1 + 2 ** -23, tiny, -tiny, 3e38, -3e38, Number.POSITIVE_INFINITY, -1 / 0];
  const row = fc.array(fc.constantFrom(...distinct), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(row, fc.nat(), (values, pick) => {
      check([values], pick % (values.length + 1));
    }),
    { seed: 11, numRuns: 1500 },
  );
});

test('selectLargest is the reference’s for any floats', () => {
  const row = fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 70 });
  fc.assert(
    fc.property(row, fc.nat(), (values, pick) => {
      check([values], pick % (values.length + 1));
    }),
    { seed: 12, numRuns: 1500 },
  );
});

test('selectLargest lets NaNs survive before everything, the lower columns first', () => {
  const row = fc.array(fc.constantFrom(Number.NaN, Number.NaN, 1, 2, -0, 0, Number.POSITIVE_INFINITY), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(row, fc.nat(), (values, pick) => {
      const k = pick % (values.length + 1);
      const nans = values.flatMap((value, column) => (Number.isNaN(value) ? [column] : []));
      if (nans.length <= k) check([values], k);
      else assert.equal(select(simd, [values], k, 'rows', 'rows')[0], nans.slice(0, k));
    }),
    { seed: 13, numRuns: 1500 },
  );
});

test('selectLargest takes rows that fill scratch, and longer ones', () => {
  for (const units of [MOST_UNITS, MOST_UNITS + 1]) {
    for (const k of [3, units - 1]) check(grid(1, units, 6), k);
  }
});

test.run();
