import { between, type Ground, gridded, signed } from '../ground.ts';
import type { Cases } from './case.ts';

/** Features that are listed: any of them may be chosen. */
const FEATURES = 28;

/** Survivors of each example, of `columns` units: rising, and all different in a row. */
function pairs(ground: Ground, rows: number, columns: number) {
  const k = Math.min(7, columns);
  const stride = Math.floor(columns / k);
  const chance = between(0, stride, 9);
  const indices = ground.indices(rows, k, (n) => (n % k) * stride + Math.floor(chance(n)));
  const lengths = ground.indices(null, rows, (n) => n % (k + 1));
  return { k, indices, both: [null, lengths] };
}

/** Kernels over pairs of index and value; `columns` is the number of units, or of inputs. */
export const sparseCases: Cases = {
  selectLargest: (ground, rows, columns) => {
    const k = Math.min(7, columns);
    const a = ground.other(rows, columns, gridded());
    ground.kernels.selectLargest(ground.out(rows, k), ground.indices(rows, k), a);
  },
  addSparseRows: (ground, rows, columns) => {
    const { k, indices, both } = pairs(ground, rows, FEATURES);
    const [values, features] = [ground.other(rows, k), ground.other(FEATURES, columns, signed(5))];
    for (const lengths of both)
      ground.kernels.addSparseRows(ground.out(rows, columns, signed()), values, indices, features, lengths);
  },
  sparseDots: (ground, rows, columns) => {
    const { k, indices, both } = pairs(ground, rows, FEATURES);
    const [dense, features] = [ground.other(rows, columns), ground.other(FEATURES, columns, signed(5))];
    for (const lengths of both) ground.kernels.sparseDots(ground.out(rows, k), dense, indices, features, lengths);
  },
  gatherColumns: (ground, rows, columns) => {
    const { k, indices, both } = pairs(ground, rows, columns);
    const dense = ground.other(rows, columns);
    for (const lengths of both) ground.kernels.gatherColumns(ground.out(rows, k), dense, indices, lengths);
  },
  addSparseOuter: (ground, rows, columns) => {
    const { k, indices, both } = pairs(ground, rows, FEATURES);
    const [values, dense] = [ground.other(rows, k), ground.other(rows, columns, signed(5))];
    for (const lengths of both)
      ground.kernels.addSparseOuter(ground.out(FEATURES, columns, signed()), 0.3, values, indices, dense, lengths);
  },
  addSparseSums: (ground, rows, columns) => {
    const { k, indices, both } = pairs(ground, rows, columns);
    const values = ground.other(rows, k);
    for (const lengths of both) ground.kernels.addSparseSums(ground.vector(columns), 0.3, values, indices, lengths);
  },
};
