import type { Machine } from '../../kernels/simd/machine.ts';
import { createSimdKernels } from '../../kernels/simd/simd.ts';
import type { Cases } from './cases/case.ts';
import { dictionaryCases } from './cases/dictionaries.ts';
import { layerCases } from './cases/layers.ts';
import { optimizerCases } from './cases/optimizers.ts';
import { productCases } from './cases/products.ts';
import { screeningCases } from './cases/screening.ts';
import { sparseCases } from './cases/sparse.ts';
import { vectorCases } from './cases/vectors.ts';
import { Ground, type Layout } from './ground.ts';

type Shape = readonly [rows: number, columns: number, own: Layout, others: Layout];

/** Around one, two and four vectors, several blocks of columns, and rows that are longer than a walk's. */
const SHAPES: readonly Shape[] = [
  [1, 1, 'rows', 'rows'],
  [3, 7, 'rows', 'rows'],
  [5, 9, 'reversed', 'strided'],
  [4, 16, 'transposed', 'rows'],
  [16, 5, 'rows', 'transposed'],
  [7, 65, 'strided', 'reversed'],
  [19, 150, 'rows', 'rows'],
  [18, 131, 'transposed', 'transposed'],
  [66, 130, 'rows', 'transposed'],
  [3, 1100, 'transposed', 'strided'],
  [2, 4100, 'rows', 'rows'],
];
/** Enough for every kernel to have run, products with more rows than columns too. */
const WARMING: readonly Shape[] = [
  [13, 70, 'rows', 'rows'],
  [13, 70, 'strided', 'transposed'],
  [70, 13, 'rows', 'rows'],
];

/** Every kernel of a machine, by case. A new kernel needs a line in one of the tables: a test tells. */
export function casesOf(machine: Machine): Cases {
  return {
    ...productCases(machine),
    ...vectorCases,
    ...layerCases(createSimdKernels(machine, { threads: 1, deterministic: true })),
    ...optimizerCases,
    ...sparseCases,
    ...dictionaryCases,
    ...screeningCases(machine),
  };
}

/** Runs every kernel as often as the optimizing compiler needs to take it, where its budget is small. */
export function warm(machine: Machine): void {
  for (const run of Object.values(casesOf(machine))) for (const shape of WARMING) begun(machine, shape, run).release();
}

/** What every case leaves behind, on awkward shapes and strides: equal digests are equal bits. */
export function digestsOf(machine: Machine, cases: Cases = casesOf(machine)): Record<string, string> {
  return Object.fromEntries(
    Object.entries(cases).map(([name, run]) => [
      name,
      SHAPES.map((shape) => begun(machine, shape, run).digest()).join(''),
    ]),
  );
}

function begun(machine: Machine, [rows, columns, own, others]: Shape, run: Cases[string]): Ground {
  const ground = new Ground(createSimdKernels(machine, { threads: 1 }), own, others);
  run(ground, rows, columns);
  return ground;
}
