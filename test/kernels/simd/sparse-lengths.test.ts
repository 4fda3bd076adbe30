import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Matrix } from '../../../src/array/matrix.ts';
import { createReferenceKernels } from '../../../src/kernels/reference/reference.ts';
import { assertClose } from '../../support/close.ts';
import { assertGuard } from '../../support/views.ts';
import { cases, large, type Size, sizes, survivorsOf } from './sparse-cases.ts';
import {
  assertSameBits,
  bitsOf,
  heapLayouts,
  heapLengths,
  INDEX_GUARD,
  type Indices,
  type Lengths,
  shuffled,
  simd,
  widened,
} from './survivor-views.ts';

// Rows of which a few pairs count: behind them lie NaN, with indices of no row, or of the first.

const exact = createReferenceKernels('float64');
const ROUNDING = 2 ** -24;

/** None, one, all, and what lies between, in turn. */
const lengthIn = ({ k }: Size) => {
  const turns = [0, Math.min(1, k), k, k >> 1, Math.max(0, k - 1)];
  return (i: number) => turns[i % turns.length];
};

/** Writes behind the lengths. */
function behind(view: Matrix | Indices, lengths: Lengths, ...values: readonly number[]): void {
  const [m, k] = view.shape;
  for (let i = 0; i < m; i++) {
    for (let t = lengths.get(i); t < k; t++) view.set(i, t, values[(i + t) % values.length]);
  }
}

/** Indices and lengths of a size. */
function pairsOf(size: Size, gap: number, step: number) {
  const lengths = heapLengths(size.m, step, lengthIn(size));
  const indices = survivorsOf(size, gap);
  behind(indices, lengths, INDEX_GUARD, 0);
  return { indices, lengths };
}

for (const [name, { make, run, roundings, pairs }] of Object.entries(cases)) {
  test(`${name} with lengths is what float64 gives, and reads nothing behind them`, () => {
    for (const size of [...sizes, ...large]) {
      for (const layout of Object.keys(heapLayouts)) {
        for (const other of ['rows', 'flipped', 'transposed', 'reversed'] as const) {
          if (large.includes(size) && (layout !== 'rows' || other === 'flipped')) continue;
          const { indices, lengths } = pairsOf(size, layout === 'rows' ? 0 : -3, layout === 'gaps' ? -2 : 3);
          const [out, ...inputs] = make(size, layout, other);
          if (pairs === 'values') behind(inputs[0], lengths, Number.NaN);
          const kept = [...lengths.data];
          const before = inputs.map(bitsOf);
          const expected = widened(out);
          run(exact, indices, lengths, expected, ...inputs.map((view) => widened(view)));
          const magnitudes = widened(out, Math.abs);
          run(exact, indices, lengths, magnitudes, ...inputs.map((view) => widened(view, Math.abs)));
          run(simd, indices, lengths, out, ...inputs);
          // What lies behind the lengths of an output is void.
          if (pairs === 'out') for (const view of [out, expected, magnitudes]) behind(view, lengths, 0);
          const atol = (magnitudes.data as Float64Array).map((sum) => roundings(size) * ROUNDING * sum + 1e-37);
          assertClose(out, expected, { rtol: 0, atol });
          for (const view of [out, ...inputs]) assertGuard(view);
          for (const [i, view] of inputs.entries()) assertSameBits(view, before[i], 'an input');
          assert.equal([...lengths.data], kept);
        }
      }
    }
  });

  test(`${name} with lengths gives the same bits in every layout, in one go or chunk by chunk in any order`, () => {
    for (const size of [...sizes, ...large]) {
      const bitsWith = (kernels: typeof simd, layout: string, other: string, gap: number, step: number) => {
        const { indices, lengths } = pairsOf(size, gap, step);
        const [out, ...inputs] = make(size, layout, other);
        if (pairs === 'values') behind(inputs[0], lengths, Number.NaN);
        run(kernels, indices, lengths, out, ...inputs);
        if (pairs === 'out') behind(out, lengths, 0);
        return { out, bits: bitsOf(out) };
      };
      const { bits } = bitsWith(simd, 'rows', 'rows', 0, 1);
      for (const kernels of [simd, shuffled]) {
        for (const layout of ['gaps', 'strided', 'transposedReversed'] as const) {
          for (const other of ['rows', 'transposed', 'strided'] as const) {
            if (large.includes(size) && (layout !== 'gaps' || other === 'transposed')) continue;
            assertSameBits(bitsWith(kernels, layout, other, 2, -3).out, bits, `${layout} out of ${other}`);
          }
        }
      }
    }
  });

  test(`${name} with lengths that count every pair gives the bits of none`, () => {
    for (const size of sizes) {
      const [out, ...inputs] = make(size, 'gaps', 'rows');
      const [whole, ...same] = make(size, 'gaps', 'rows');
      const all = heapLengths(size.m, 2, () => size.k);
      run(simd, survivorsOf(size, 1), all, out, ...inputs);
      run(simd, survivorsOf(size, 1), null, whole, ...same);
      assertSameBits(out, bitsOf(whole), name);
    }
  });
}

test('no sparse kernel looks for the rows that indices behind the lengths name: they lie beyond the memory', () => {
  const size: Size = { m: 5, k: 3, h: 4, d: 1 };
  for (const { make, run } of Object.values(cases)) {
    for (const kernels of [simd, shuffled]) {
      const { indices, lengths } = pairsOf(size, 1, 2);
      behind(indices, lengths, 0x1800_0000); // of columns of stride 1: 1.5 GiB behind
      const [out, ...inputs] = make(size, 'rows', 'rows');
      run(kernels, indices, lengths, out, ...inputs);
      assert.throws(() => run(kernels, indices, null, out, ...inputs), /out of bounds/);
    }
  }
});

test.run();
