import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Precision, transposed, type View, vectorView } from '../../src/array/matrix.ts';
import { createKernels } from '../../src/kernels/create.ts';
import type { Kernels } from '../../src/kernels/kernels.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { selectLargestOver } from '../../src/layers/select-largest.ts';
import { firstOf, type Group } from '../../src/model/group.ts';
import { createDeferredKernels } from '../support/deferred-kernels.ts';
import { splitGroups } from '../support/split-group.ts';

// The largest of a matrix of which every process holds rows, or columns, against what one process selects.

/** Rows of numbers. */
type Rows = readonly (readonly number[])[];
type Make = (precision: Precision) => Kernels;

const kinds: Record<string, [Precision, Make]> = {
  'reference float64': ['float64', createReferenceKernels],
  'simd float32': ['float32', (precision) => createKernels(precision)],
  'deferred float32': ['float32', (precision) => createDeferredKernels(createReferenceKernels(precision))],
};

/** (rows, columns) in storage of the kernels, by columns so that strides matter. */
function given(k: Kernels, rows: Rows, columns: number): View {
  const data = k.allocate(rows.length * columns);
  const byColumns = Array.from({ length: columns }, (_, j) => rows.map((row) => row[j])).flat();
  k.write(vectorView(data), byColumns);
  return transposed({ data, shape: [columns, rows.length], stride: [rows.length, 1], offset: 0 });
}

/** What is left of `rows` in one process when `count` of it survive, and the smallest survivor. */
async function survivors(k: Kernels, rows: Rows, columns: number, count: (a: View) => Promise<number> | number) {
  const a = given(k, rows, columns);
  const doubles = vectorView(k.allocateDoubles(1));
  const lengths = vectorView(k.allocateIndices(rows.length));
  const pairs = (data: ReturnType<Kernels['allocate']>): View => ({
    ...{ data, shape: [rows.length, columns], stride: [columns, 1], offset: 0 },
  });
  const [values, indices] = [k.allocate(rows.length * columns), k.allocateIndices(rows.length * columns)];
  const own = await count(a);
  k.selectLargestOfAll(pairs(values), pairs(indices), lengths, doubles, a, own);
  const flat = [...(await k.copyOut(a))];
  return { own, left: rows.map((_, i) => flat.slice(i * columns, (i + 1) * columns)) };
}

/** The columns, or rows, first … last−1 of what is split. */
function partOf(rows: Rows, columns: number, split: 'rows' | 'columns', group: Group) {
  const places = new Uint32Array(split === 'rows' ? rows.length : columns);
  const [first, last] = [firstOf(places, group), firstOf(places, { ...group, rank: group.rank + 1 })];
  if (split === 'rows') return { rows: rows.slice(first, last), columns };
  return { rows: rows.map((row) => row.slice(first, last)), columns: last - first };
}

async function check([precision, make]: [Precision, Make], rows: Rows, columns: number, count: number): Promise<void> {
  const whole = await survivors(make(precision), rows, columns, () => count);
  const kept = whole.left.flat().filter((value) => value > 0);
  const positive = rows.flat().filter((value) => value > 0).length;
  for (const split of ['rows', 'columns'] as const) {
    for (const size of [1, 2, 3, 4]) {
      let sums = 0;
      const ranks = await Promise.all(
        splitGroups(size).map(async (group) => {
          const k = make(precision);
          const part = partOf(rows, columns, split, group);
          const largest = selectLargestOver(k, split);
          const total = (values: Float64Array) => {
            if (group.rank === 0) sums++;
            return group.total(values);
          };
          return survivors(k, part.rows, part.columns, async (a) => {
            const { own, fewer, least } = await largest(a, count, { rank: group.rank, size, total });
            assert.is(fewer, positive < count);
            if (least !== null) assert.is(least, Math.min(...kept));
            return own;
          });
        }),
      );
      const left =
        split === 'rows'
          ? ranks.flatMap((rank) => rank.left)
          : rows.map((_, i) => ranks.flatMap((rank) => rank.left[i]));
      const what = `${count} of ${JSON.stringify(rows)} by ${split} on ${size}`;
      assert.is(JSON.stringify(left), JSON.stringify(whole.left), what);
      assert.ok(sums <= (precision === 'float32' ? 4 : 8) + (split === 'rows' ? 1 : 2), `${sums} sums: ${what}`);
    }
  }
}

/** Float32 numbers, of which many are equal, negative, 0, tiny or huge. */
const number = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1, 1, 0.5, Math.fround(1 + 2 ** -23), 2 ** -149, Math.fround(3e38), -1),
);
const batch = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })).chain(([m, columns]) =>
  fc.record({
    rows: fc.array(fc.array(number, { minLength: columns, maxLength: columns }), { minLength: m, maxLength: m }),
    columns: fc.constant(columns),
    count: fc.integer({ min: 0, max: m * columns + 2 }),
  }),
);

for (const [name, kind] of Object.entries(kinds)) {
  test(`1 to 4 processes select what one does: ${name}`, async () => {
    await fc.assert(
      fc.asyncProperty(batch, ({ rows, columns, count }) => check(kind, rows, columns, count)),
      { numRuns: name.startsWith('deferred') ? 15 : 80, seed: 6 },
    );
  });

  test(`ties across processes, all zeros, nothing above 0, numbers that differ in the last bit: ${name}`, async () => {
    const last = kind[0] === 'float32' ? 2 ** -23 : 2 ** -52;
    const of = (f: (i: number, j: number) => number) =>
      Array.from({ length: 5 }, (_, i) => Array.from({ length: 4 }, (_, j) => f(i, j)));
    const all = [
      of(() => 0.25),
      of(() => 0),
      of(() => -1),
      of((i, j) => 1 + last * ((7 * i + 3 * j) % 20)),
      of((i, j) => ((i + j) % 2 === 0 ? 2 : 0.1 * i)),
      of((i) => (i === 4 ? 1 : 0)),
    ];
    for (const rows of all) for (const count of [0, 1, 2, 7, 10, 19, 20, 25]) await check(kind, rows, 4, count);
  });
}

test.run();
