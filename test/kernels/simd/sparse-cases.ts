import type { Matrix } from '../../../src/array/matrix.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { uniforms } from '../../support/views.ts';
import {
  type HeapLayout,
  heapIndices,
  heapView,
  type Indices,
  type Lengths,
  randomHeapView,
} from './survivor-views.ts';

// What the tests of the five sparse kernels run on.

export interface Size {
  /** Examples, survivors of each, units, columns. */
  readonly m: number;
  readonly k: number;
  readonly h: number;
  readonly d: number;
}

/** Empty, single, odd, k = 0, k = h, few units in many examples, units in none, around 4, 8 and 32 columns. */
export const sizes: readonly Size[] = [
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
export const large: readonly Size[] = [
  { m: 4, k: 5, h: 1100, d: 139 },
  { m: 1100, k: 2, h: 9, d: 137 },
];

/** Distinct columns, rising in each row. */
export function survivorsOf({ m, k, h }: Size, gap: number): Indices {
  const draws = uniforms(m * h, 3);
  const rows = Array.from({ length: m }, (_, i) =>
    Array.from({ length: h }, (_value, j) => j)
      .sort((p, q) => draws[i * h + p] - draws[i * h + q])
      .slice(0, k)
      .sort((p, q) => p - q),
  );
  return heapIndices(m, k, gap, (i, t) => rows[i][t]);
}

export interface Case {
  readonly make: (size: Size, out: HeapLayout, other: HeapLayout) => readonly [out: Matrix, ...inputs: Matrix[]];
  readonly run: (
    kernels: Kernels,
    indices: Indices,
    lengths: Lengths | null | undefined,
    out: Matrix,
    ...inputs: Matrix[]
  ) => void;
  /** Which view holds a number for each pair: out, or the first input. */
  readonly pairs: 'out' | 'values';
  /** Roundings of one term at most: none where numbers are only moved. */
  readonly roundings: (size: Size) => number;
}

export const cases: Readonly<Record<string, Case>> = {
  addSparseRows: {
    pairs: 'values',
    make: ({ m, k, h, d }, out, other) => [
      randomHeapView(m, d, out, 1),
      randomHeapView(m, k, other, 2),
      randomHeapView(h, d, other, 4),
    ],
    run: (kernels, indices, lengths, out, values, rows) => kernels.addSparseRows(out, values, indices, rows, lengths),
    roundings: ({ k }) => k + 1,
  },
  sparseDots: {
    pairs: 'out',
    make: ({ m, k, h, d }, out, other) => [
      heapView(m, k, out, () => Number.NaN),
      randomHeapView(m, d, other, 2),
      randomHeapView(h, d, other, 4),
    ],
    run: (kernels, indices, lengths, out, dense, rows) => kernels.sparseDots(out, dense, indices, rows, lengths),
    roundings: ({ d }) => Math.ceil(d / 8) + 5,
  },
  gatherColumns: {
    pairs: 'out',
    make: ({ m, k, h }, out, other) => [heapView(m, k, out, () => Number.NaN), randomHeapView(m, h, other, 2)],
    run: (kernels, indices, lengths, out, dense) => kernels.gatherColumns(out, dense, indices, lengths),
    roundings: () => 0,
  },
  addSparseOuter: {
    pairs: 'values',
    make: ({ m, k, h, d }, out, other) => [
      randomHeapView(h, d, out, 1),
      randomHeapView(m, k, other, 2),
      randomHeapView(m, d, other, 4),
    ],
    run: (kernels, indices, lengths, out, values, dense) =>
      kernels.addSparseOuter(out, 0.3, values, indices, dense, lengths),
    roundings: ({ m }) => m + 2,
  },
  addSparseSums: {
    pairs: 'values',
    make: ({ m, k, h }, out, other) => [randomHeapView(1, h, out, 1), randomHeapView(m, k, other, 2)],
    run: (kernels, indices, lengths, out, values) =>
      kernels.addSparseSums(out.pick(0, null), 0.3, values, indices, lengths),
    roundings: ({ m }) => m + 1,
  },
};
