import { between, cornered, signed } from '../ground.ts';
import type { Cases } from './case.ts';

/** Vectors and matrices, but for products of matrices. */
export const vectorCases: Cases = {
  fill: (ground, rows, columns) => ground.kernels.fill(ground.out(rows, columns), 0.3),
  copy: (ground, rows, columns) =>
    ground.kernels.copy(ground.out(rows, columns), ground.other(rows, columns, cornered(-2, 2))),
  axpy: (ground, rows, columns) =>
    ground.kernels.axpy(ground.out(rows, columns, signed()), 0.7, ground.other(rows, columns, cornered(-2, 2))),
  scale: (ground, rows, columns) => ground.kernels.scale(ground.out(rows, columns, cornered(-2, 2)), 0.7),
  blend: (ground, rows, columns) => {
    const [x, y] = [ground.other(rows, columns), ground.other(rows, columns, cornered(-2, 2, 5))];
    ground.kernels.blend(ground.out(rows, columns), x, 0.7, y, -0.3);
  },
  addProducts: (ground, rows, columns) => {
    const [a, b] = [ground.other(rows, columns), ground.other(rows, columns, signed(5))];
    ground.kernels.addProducts(ground.out(rows, columns, signed()), a, b);
  },
  dot: (ground, rows, columns) =>
    ground.kernels.dot(ground.results, 0, ground.out(rows, columns, signed()), ground.other(rows, columns)),
  broadcastRow: (ground, rows, columns) =>
    ground.kernels.broadcastRow(ground.out(rows, columns), ground.vector(columns)),
  addScaledRows: (ground, rows, columns) => {
    const out = ground.out(rows, columns, signed());
    ground.kernels.addScaledRows(out, ground.vector(rows), ground.other(rows, columns));
  },
  rowSquaredNorms: (ground, rows, columns) =>
    ground.kernels.rowSquaredNorms(ground.vector(rows), ground.other(rows, columns)),
  addOuter: (ground, rows, columns) =>
    ground.kernels.addOuter(ground.out(rows, columns, signed()), 0.7, ground.vector(rows), ground.vector(columns)),
  addRowDots: (ground, rows, columns) =>
    ground.kernels.addRowDots(ground.vector(rows), 0.7, ground.other(rows, columns), ground.vector(columns)),
  addWeightedRows: (ground, rows, columns) =>
    ground.kernels.addWeightedRows(ground.vector(columns), 0.7, ground.vector(rows), ground.other(rows, columns)),
  addColumnSums: (ground, rows, columns) =>
    ground.kernels.addColumnSums(ground.vector(columns), ground.other(rows, columns), 0.7),
  gatherRows: (ground, rows, columns) => {
    const numbers = between(0, 256);
    const data = Uint8Array.from({ length: rows * columns }, (_, n) => numbers(n));
    const bytes = { data, shape: [rows, columns], stride: [columns, 1], offset: 0, unit: 255 };
    const turned = Uint32Array.from({ length: rows }, (_, i) => rows - 1 - i);
    ground.kernels.gatherRows(ground.out(rows, columns), bytes, turned);
  },
};
