import ndarray from 'ndarray';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createReferenceKernels } from '../../../src/kernels/reference/reference.ts';
import { assertGuard, awkwardShapes, layouts, place, randomView } from '../../support/views.ts';
import { agree, uniform } from './agree.ts';
import { inHeap, whole } from './machine.ts';

const reference = createReferenceKernels('float32');

const nan = () => Number.NaN;

test('fill and copy write every number and nothing else, for every layout', async () => {
  await agree(
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

test('axpy and scale agree with the reference for every layout, in place and not', async () => {
  await agree(
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

test('blend agrees with the reference for every layout, in place and not', async () => {
  await agree(
    ({ kernels, out, other }, rows, columns) => {
      const x = other(rows, columns, uniform(rows, columns, 1));
      const y = out(rows, columns, uniform(rows, columns, 2));
      const target = out(rows, columns, nan);
      kernels.blend(target, x, 0.7, y, -1.3);
      const own = other(rows, columns, uniform(rows, columns, 3));
      kernels.blend(own, own, 0.7, y, -1.3);
      kernels.blend(y, x, 1, y, 0.25);
      return [target, own, y];
    },
    { units: 2, magnitude: 2 },
  );
});

test('blend takes doubles of the machine beside its float32 numbers, as the reference does to the bit', () => {
  for (const [rows, columns] of awkwardShapes) {
    for (const layout of layouts) {
      for (const other of layouts) {
        const x = randomView(rows, columns, other, 'float32', 1);
        const wide = randomView(rows, columns, layout, 'float64', 2);
        const narrow = place(rows, columns, layout, 'float32', nan);
        const [xHeap, narrowHeap] = [inHeap(x), inHeap(narrow)];
        const doubles = whole.allocateDoubles(wide.data.length);
        doubles.set(wide.data);
        const wideHeap = ndarray(doubles, wide.shape, wide.stride, wide.offset);
        for (const [k, o, w, n] of [
          [reference, x, wide, narrow],
          [whole, xHeap.view, wideHeap, narrowHeap.view],
        ] as const) {
          k.blend(n, w, 0.9, o, 0.1);
          k.blend(w, o, 0.1, w, 0.9);
        }
        assert.equal([...doubles], [...wide.data]);
        assert.equal([...narrowHeap.view.data], [...narrow.data]);
        assertGuard(wideHeap);
        xHeap.release();
        narrowHeap.release();
        whole.release(doubles);
      }
    }
  }
});

test('dot adds Σ x·y to its slot for every layout', async () => {
  await agree(
    ({ kernels, results, out, other }, rows, columns) => {
      const x = out(rows, columns, uniform(rows, columns, 1));
      kernels.dot(results, 1, x, other(rows, columns, uniform(rows, columns, 2)));
      kernels.dot(results, 1, x, x);
      return [];
    },
    { units: 1e-6, magnitude: 0, sum: (rows, columns) => 2 * rows * columns },
  );
});

test('addProducts agrees with the reference for every layout, in place and not', async () => {
  await agree(
    ({ kernels, out, other }, rows, columns) => {
      const a = other(rows, columns, uniform(rows, columns, 1));
      const b = other(rows, columns, uniform(rows, columns, 2));
      const target = out(rows, columns, uniform(rows, columns, 3));
      kernels.addProducts(target, a, b);
      const own = out(rows, columns, uniform(rows, columns, 4));
      kernels.addProducts(own, own, b);
      return [target, own];
    },
    { units: 2, magnitude: 2 },
  );
});

test('broadcastRow, addScaledRows and rowSquaredNorms agree with the reference for every layout', async () => {
  await agree(
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

test('addColumnSums adds rows in order in float64, as the reference does, for every layout', async () => {
  await agree(
    ({ kernels, out, vector }, rows, columns) => {
      const a = out(rows, columns, uniform(rows, columns, 1));
      const sums = vector(columns, (j) => j % 3);
      kernels.addColumnSums(sums, a, 0.37);
      return [sums];
    },
    { units: 1, magnitude: 0 },
  );
});

test('addOuter, addRowDots and addWeightedRows agree with the reference for every layout', async () => {
  await agree(
    ({ kernels, out, other, vector }, rows, columns) => {
      const x = other(rows, columns, uniform(rows, columns, 1));
      const u = vector(rows, (i) => 0.3 - (i % 3));
      const v = vector(columns, (j) => (j % 5) / 7);
      const outer = out(rows, columns, uniform(rows, columns, 2));
      kernels.addOuter(outer, -0.7, u, v);
      const dots = vector(rows, (i) => i % 2);
      kernels.addRowDots(dots, 0.37, x, v);
      const sums = vector(columns, (j) => j % 3);
      kernels.addWeightedRows(sums, -0.6, u, x);
      return [outer, dots, sums];
    },
    { units: 3, magnitude: 3 },
  );
});

test.run();
