import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createReferenceKernels } from '../../../src/kernels/reference/reference.ts';
import { placeVector } from '../../support/views.ts';
import { agree, SPECIAL, uniform } from './agree.ts';
import { inHeap, whole } from './machine.ts';

const reference = createReferenceKernels('float32');
/** Zeros among the numbers, since sign is 0 there. */
const withZeros = (rows: number, columns: number, seed: number) => {
  const values = uniform(rows, columns, seed);
  return (i: number, j: number) => ((i + j) % 5 === 0 ? 0 : values(i, j));
};

test('weightDecay, weightL1 and l1Sparsity agree with the reference for every layout', async () => {
  await agree(
    ({ kernels, results, out, other }, rows, columns) => {
      const w = other(rows, columns, withZeros(rows, columns, 1));
      const slopes = [3, 4].map((seed) => out(rows, columns, uniform(rows, columns, seed)));
      slopes.unshift(out(rows, columns, () => Number.NaN)); // weightDecay overwrites
      kernels.weightDecay(slopes[0], results, 0, w, 0.3);
      kernels.weightL1(slopes[1], results, 1, w, 0.7);
      kernels.l1Sparsity(slopes[2], results, 2, w, 0.2, rows + 2);
      return slopes;
    },
    {
      units: 3,
      magnitude: 2,
      sum: (rows, columns) => rows * columns * 1e-3,
    },
  );
});

test('weightL1 knows −0, infinities and NaN', () => {
  const n = SPECIAL.length;
  const w = placeVector(n, 'rows', 'float32', (i) => SPECIAL[i]);
  const dW = placeVector(n, 'rows', 'float32', (i) => i / 4);
  const [wHeap, dHeap] = [inHeap(w), inHeap(dW)];
  reference.weightL1(dW, reference.allocateResults(1), 0, w, 0.5);
  whole.weightL1(dHeap.view, whole.allocateResults(1), 0, wHeap.view, 0.5);
  for (let i = 0; i < n; i++) assert.ok(Object.is(dHeap.view.get(i), dW.get(i)), `${SPECIAL[i]}: ${dHeap.view.get(i)}`);
  wHeap.release();
  dHeap.release();
});

test.run();
