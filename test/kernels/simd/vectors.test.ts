import { test } from 'uvu';
import { agree, uniform } from './agree.ts';

const nan = () => Number.NaN;

test('fill and copy write every number and nothing else, for every layout', () => {
  agree(
    ({ kernels, out, other }, rows, columns) => {
      const filled = out(rows, columns, nan);
      kernels.fill(filled, Math.fround(0.1));
      const copied = out(rows, columns, nan);
      kernels.copy(copied, other(rows, columns, uniform(rows, columns, 1)));
      return [filled, copied];
    },
    { units: 0, magnitude: 0 },
  );
});

test('axpy and scale agree with the reference for every layout, in place and not', () => {
  agree(
    ({ kernels, out, other }, rows, columns) => {
      const x = other(rows, columns, uniform(rows, columns, 1));
      const sum = out(rows, columns, uniform(rows, columns, 2));
      kernels.axpy(sum, -0.3, x);
      const own = out(rows, columns, uniform(rows, columns, 3));
      kernels.axpy(own, 0.7, own);
      kernels.scale(x, 1.7);
      return [sum, own, x];
    },
    { units: 3, magnitude: 2 },
  );
});

test('dot adds Σ x·y to its slot for every layout', () => {
  agree(
    ({ kernels, results, out, other }, rows, columns) => {
      const x = out(rows, columns, uniform(rows, columns, 1));
      kernels.dot(results, 1, x, other(rows, columns, uniform(rows, columns, 2)));
      kernels.dot(results, 1, x, x);
      return [];
    },
    { units: 1e-6, magnitude: 0, sum: (rows, columns) => 2 * rows * columns },
  );
});

test('broadcastRow, addScaledRows and rowSquaredNorms agree with the reference for every layout', () => {
  agree(
    ({ kernels, out, other, vector }, rows, columns) => {
      const x = other(rows, columns, uniform(rows, columns, 1));
      const spread = out(rows, columns, nan);
      kernels.broadcastRow(
        spread,
        vector(columns, (j) => j / 7),
      );
      const sum = out(rows, columns, uniform(rows, columns, 2));
      kernels.addScaledRows(
        sum,
        vector(rows, (i) => 0.3 - (i % 3)),
        x,
      );
      const norms = vector(rows, nan);
      kernels.rowSquaredNorms(norms, x);
      return [spread, sum, norms];
    },
    { units: 3, magnitude: 3 },
  );
});

test('addColumnSums adds rows in order in float64, as the reference does, for every layout', () => {
  agree(
    ({ kernels, out, vector }, rows, columns) => {
      const a = out(rows, columns, uniform(rows, columns, 1));
      const sums = vector(columns, (j) => j % 3);
      kernels.addColumnSums(sums, a, 0.37);
      return [sums];
    },
    { units: 1, magnitude: 0 },
  );
});

test.run();
