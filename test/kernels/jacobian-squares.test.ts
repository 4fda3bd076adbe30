import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Precision } from '../../src/array/matrix.ts';
import { activations } from '../../src/kernels/activations/table.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { activationNames, type BuiltIn } from '../support/activations.ts';
import { assertClose } from '../support/close.ts';
import { assertGuard, eachCase, place, placeVector, precisions, table, uniforms } from '../support/views.ts';

const kernels = { float32: createReferenceKernels('float32'), float64: createReferenceKernels('float64') };
const nan = () => Number.NaN;

/** f′ from the output a. */
const slopes: Record<BuiltIn, (a: number) => number> = {
  sigmoid: (a) => a - a ** 2,
  tanh: (a) => (1 - a) * (1 + a),
  relu: (a) => (a > 0 ? 1 : 0),
  softplus: (a) => 1 - Math.exp(-a),
  linear: () => 1,
};

/** Of one example. */
function single(f: BuiltIn, a: readonly number[], r: readonly number[], selected: boolean, precision: Precision) {
  const out = placeVector(1, 'rows', precision, nan);
  kernels[precision].jacobianSquares(
    out,
    place(1, a.length, 'rows', precision, (_, j) => a[j]),
    placeVector(r.length, 'rows', precision, (j) => r[j]),
    activations[f],
    selected,
  );
  return out.get(0);
}

test('jacobianSquares writes Σⱼ f′² r_j of each example, of all units or of those with a ≠ 0, for every layout', async () => {
  await eachCase((rows, columns, layout, other, precision) => {
    const values = uniforms(rows * columns, 1, 0.05, 0.95);
    const a = place(rows, columns, other, precision, (i, j) =>
      (i + 2 * j) % 3 === 0 ? 0 : values[i * columns + j] * (j % 4 === 1 ? -1 : 1),
    );
    const r = placeVector(columns, layout, precision, (j) => 0.25 + (j % 5));
    for (const f of activationNames) {
      for (const selected of [false, true]) {
        const out = placeVector(rows, layout, precision, nan);
        kernels[precision].jacobianSquares(out, a, r, activations[f], selected);
        const terms = table(rows, columns, (i, j) =>
          selected && a.get(i, j) === 0 ? 0 : slopes[f](a.get(i, j)) ** 2 * r.get(j),
        );
        const sums = table(1, rows, (_, i) =>
          terms.subarray(i * columns, (i + 1) * columns).reduce((sum, term) => sum + term, 0),
        );
        assertClose(out, sums, precision === 'float32' ? { rtol: 2 ** -23, atol: 0 } : { rtol: 1e-12, atol: 1e-14 });
        assertGuard(out);
      }
    }
    for (const view of [a, r]) assertGuard(view);
  });
});

test('jacobianSquares by hand: sigmoid units at 1/2 and 1/4 with r = 3 and 5 give 3/16 + 5·9/256', () => {
  for (const precision of precisions) {
    assert.is(single('sigmoid', [0.5, 0.25], [3, 5], false, precision), 3 / 16 + 45 / 256);
  }
});

test('jacobianSquares of selected units passes over those at 0, where f′ is not 0', () => {
  for (const precision of precisions) {
    assert.is(single('linear', [0, 2, -0, 0.5], [1, 2, 4, 8], false, precision), 15);
    assert.is(single('linear', [0, 2, -0, 0.5], [1, 2, 4, 8], true, precision), 10);
    assert.is(single('tanh', [0, 0.5], [7, 16], true, precision), 9);
  }
});

test('jacobianSquares in float32 adds up in float64', () => {
  const r = Array.from({ length: 1001 }, (_, j) => (j === 0 ? 2 ** 24 : 1));
  assert.is(single('linear', Array(1001).fill(1), r, false, 'float32'), 2 ** 24 + 1000);
});

test('jacobianSquares passes a NaN on', () => {
  for (const selected of [false, true]) {
    assert.ok(Number.isNaN(single('sigmoid', [0.5, Number.NaN], [1, 1], selected, 'float64')));
  }
});

test.run();
