import ndarray from 'ndarray';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createReferenceKernels } from '../../../src/kernels/reference/reference.ts';
import { assertClose } from '../../support/close.ts';
import { assertGuard } from '../../support/views.ts';
import { cases, large, sizes, survivorsOf } from './sparse-cases.ts';
import {
  assertSameBits,
  bitsOf,
  heapIndices,
  heapLayouts,
  heapView,
  randomHeapView,
  shuffled,
  simd,
  widened,
} from './survivor-views.ts';

const exact = createReferenceKernels('float64');
const ROUNDING = 2 ** -24;

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
          run(exact, indices, null, expected, ...inputs.map((view) => widened(view)));
          const magnitudes = widened(out, Math.abs);
          run(exact, indices, null, magnitudes, ...inputs.map((view) => widened(view, Math.abs)));
          run(simd, indices, null, out, ...inputs);
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
      run(simd, survivorsOf(size, 0), undefined, first, ...operands);
      const bits = bitsOf(first);
      for (const kernels of [simd, shuffled]) {
        for (const layout of ['gaps', 'strided', 'transposedReversed'] as const) {
          for (const other of ['rows', 'transposed', 'strided'] as const) {
            if (large.includes(size) && (layout !== 'gaps' || other === 'transposed')) continue;
            const [out, ...inputs] = make(size, layout, other);
            run(kernels, survivorsOf(size, 2), null, out, ...inputs);
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
