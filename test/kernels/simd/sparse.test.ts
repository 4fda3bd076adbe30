import ndarray from 'ndarray';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Matrix } from '../../../src/array/matrix.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { createReferenceKernels } from '../../../src/kernels/reference/reference.ts';
import { assertClose } from '../../support/close.ts';
import { assertGuard, uniforms } from '../../support/views.ts';
import {
  assertSameBits,
  bitsOf,
  type HeapLayout,
  heapIndices,
  heapLayouts,
  heapView,
  type Indices,
  randomHeapView,
  shuffled,
  simd,
  widened,
} from './survivor-views.ts';

const exact = createReferenceKernels('float64');
const ROUNDING = 2 ** -24;

interface Size {
  /** Examples, survivors of each, units, columns. */
  readonly m: number;
  readonly k: number;
  readonly h: number;
  readonly d: number;
}

/** Empty, single, odd, k = 0, k = h, few units in many examples, units in none, around 4, 8 and 32 columns. */
const sizes: readonly Size[] = [
  [0, 2, 3, 4],
  [1, 1, 1, 1],
  [3, 0, 4, 2],
  [2, 2, 5, 0],
  [5, 3, 7, 6],
  [4, 6, 6, 3],
  [7, 5, 65, 67],
  [40, 3, 5, 33],
  [3, 9, 200, 129],
].map(([m, k, h, d]) => ({ m, k, h, d }));

/** Many units, and many examples that meet in one of them. */
const large: readonly Size[] = [
  { m: 4, k: 5, h: 1100, d: 139 },
  { m: 1100, k: 2, h: 9, d: 137 },
];

/** Distinct columns, rising in each row. */
function survivorsOf({ m, k, h }: Size, gap: number): Indices {
  const draws = uniforms(m * h, 3);
  const rows = Array.from({ length: m }, (_, i) =>
    Array.from({ length: h }, (_value, j) => j)
      .sort((p, q) => draws[i * h + p] - draws[i * h + q])
      .slice(0, k)
      .sort((p, q) => p - q),
  );
  return heapIndices(m, k, gap, (i, t) => rows[i][t]);
}

interface Case {
  readonly make: (size: Size, out: HeapLayout, other: HeapLayout) => readonly [out: Matrix, ...inputs: Matrix[]];
  readonly run: (kernels: Kernels, indices: Indices, out: Matrix, ...inputs: Matrix[]) => void;
  /** Roundings of one term at most: none where numbers are only moved. */
  readonly roundings: (size: Size) => number;
}

const cases: Readonly<Record<string, Case>> = {
  addSparseRows: {
    make: ({ m, k, h, d }, out, other) => [
      randomHeapView(m, d, out, 1),
      randomHeapView(m, k, other, 2),
      randomHeapView(h, d, other, 4),
    ],
    run: (kernels, indices, out, values, rows) => kernels.addSparseRows(out, values, indices, rows),
    roundings: ({ k }) => k + 1,
  },
  sparseDots: {
    make: ({ m, k, h, d }, out, other) => [
      heapView(m, k, out, () => Number.NaN),
      randomHeapView(m, d, other, 2),
      randomHeapView(h, d, other, 4),
    ],
    run: (kernels, indices, out, dense, rows) => kernels.sparseDots(out, dense, indices, rows),
    roundings: ({ d }) => Math.ceil(d / 8) + 5,
  },
  gatherColumns: {
    make: ({ m, k, h }, out, other) => [heapView(m, k, out, () => Number.NaN), randomHeapView(m, h, other, 2)],
    run: (kernels, indices, out, dense) => kernels.gatherColumns(out, dense, indices),
    roundings: () => 0,
  },
  addSparseOuter: {
    make: ({ m, k, h, d }, out, other) => [
      randomHeapView(h, d, out, 1),
      randomHeapView(m, k, other, 2),
      randomHeapView(m, d, other, 4),
    ],
    run: (kernels, indices, out, values, dense) => kernels.addSparseOuter(out, 0.3, values, indices, dense),
    roundings: ({ m }) => m + 2,
  },
  addSparseSums: {
    make: ({ m, k, h }, out, other) => [randomHeapView(1, h, out, 1), randomHeapView(m, k, other, 2)],
    run: (kernels, indices, out, values) => kernels.addSparseSums(out.pick(0, null), 0.3, values, indices),
    roundings: ({ m }) => m + 1,
  },
};

for (const [name, { make, run, roundings }] of Object.entries(cases)) {
  test(`${name} is what float64 gives, within the rounding of its terms, and touches nothing else`, () => {
    for (const size of [...sizes, ...large]) {
      for (const layout of Object.keys(heapLayouts)) {
        for (const other of ['rows', 'flipped', 'transposed', 'reversed'] as const) {
          if (large.includes(size) && (layout !== 'rows' || other === 'flipped')) continue;
          const indices = survivorsOf(size, layout === 'rows' ? 0 : -3);
          const [out, ...inputs] = make(size, layout, other);
          const before = inputs.map(bitsOf);
          const expected = widened(out);
          run(exact, indices, expected, ...inputs.map((view) => widened(view)));
          const magnitudes = widened(out, Math.abs);
          run(exact, indices, magnitudes, ...inputs.map((view) => widened(view, Math.abs)));
          run(simd, indices, out, ...inputs);
          const atol = (magnitudes.data as Float64Array).map((sum) => roundings(size) * ROUNDING * sum + 1e-37);
          assertClose(out, expected, { rtol: 0, atol });
          for (const view of [out, ...inputs]) assertGuard(view);
          for (const [i, view] of inputs.entries()) assertSameBits(view, before[i], 'an input');
        }
      }
    }
  });

  test(`${name} gives the same bits in every layout, in one go or chunk by chunk in any order`, () => {
    for (const size of [...sizes, ...large]) {
      const [first, ...operands] = make(size, 'rows', 'rows');
      run(simd, survivorsOf(size, 0), first, ...operands);
      const bits = bitsOf(first);
      for (const kernels of [simd, shuffled]) {
        for (const layout of ['gaps', 'strided', 'transposedReversed'] as const) {
          for (const other of ['rows', 'transposed', 'strided'] as const) {
            if (large.includes(size) && (layout !== 'gaps' || other === 'transposed')) continue;
            const [out, ...inputs] = make(size, layout, other);
            run(kernels, survivorsOf(size, 2), out, ...inputs);
            assertSameBits(out, bits, `${layout} out of ${other}`);
          }
        }
      }
    }
  });
}

test('addSparseOuter does not touch the rows of units that nowhere survive, nor read rows for them', () => {
  const indices = heapIndices(3, 1, 1, () => 2); // unit 2 in every example
  const out = heapView(5, 37, 'gaps', (j) => (j === 2 ? 1 : Number.NaN));
  const values = heapView(3, 1, 'rows', (i) => i + 1);
  simd.addSparseOuter(
    out,
    2,
    values,
    indices,
    heapView(3, 37, 'rows', () => 1),
  );
  for (let c = 0; c < 37; c++) {
    assert.equal(
      [0, 1, 2, 3, 4].map((j) => out.get(j, c)),
      [Number.NaN, Number.NaN, 13, Number.NaN, Number.NaN],
    );
  }
  assertGuard(out);
});

test('addSparseOuter follows indices that change between calls, of any number', () => {
  for (const [m, k, h] of [
    [2, 1, 3],
    [50, 4, 90],
    [1, 1, 2],
    [9, 7, 8],
  ]) {
    for (const shift of [0, 1]) {
      const indices = heapIndices(m, k, 0, (i, t) => (i + t + shift) % h);
      const values = randomHeapView(m, k, 'rows', 5);
      const dense = randomHeapView(m, 3, 'rows', 6);
      const out = heapView(h, 3, 'rows', () => 0);
      const expected = ndarray(new Float64Array(h * 3), [h, 3]);
      simd.addSparseOuter(out, 1, values, indices, dense);
      exact.addSparseOuter(expected, 1, values, indices, dense);
      assertClose(out, expected, { rtol: 0, atol: 1e-5 });
    }
  }
});

test.run();
