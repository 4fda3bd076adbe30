import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Precision } from '../../src/array/matrix.ts';
import { activations } from '../../src/kernels/activations/table.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { activationNames, type BuiltIn } from '../support/activations.ts';
import { assertClose } from '../support/close.ts';
import { assertGuard, eachCase, place, placeVector, randomView, table } from '../support/views.ts';

const kernels = { float32: createReferenceKernels('float32'), float64: createReferenceKernels('float64') };
const nan = () => Number.NaN;
const tolerance = (precision: Precision) =>
  precision === 'float32' ? { rtol: 2 ** -23, atol: 2 ** -23 } : { rtol: 1e-14, atol: 1e-15 };

/** The definitions, for moderate z. */
const formulas: Record<BuiltIn, (z: number) => number> = {
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  tanh: (z) => (Math.exp(2 * z) - 1) / (Math.exp(2 * z) + 1),
  relu: (z) => (z + Math.abs(z)) / 2,
  softplus: (z) => Math.log(1 + Math.exp(z)),
  linear: (z) => z,
};

/** f of one number, as the kernels compute it. */
function evaluate(f: BuiltIn, z: number, precision: Precision = 'float64'): number {
  const out = placeVector(1, 'rows', precision, nan);
  kernels[precision].activate(
    out,
    placeVector(1, 'rows', precision, () => z),
    activations[f],
  );
  return out.get(0);
}

/** f′ from the output a, as the kernels compute it. */
function derivative(f: BuiltIn, a: number, upstream = 1): number {
  const out = place(1, 1, 'rows', 'float64', () => upstream);
  kernels.float64.delta(
    out,
    out,
    null,
    place(1, 1, 'rows', 'float64', () => a),
    activations[f],
  );
  return out.get(0, 0);
}

test('activate writes f(z) for every layout, and allows out = z', async () => {
  for (const f of activationNames) {
    await eachCase((rows, columns, layout, other, precision) => {
      const z = randomView(rows, columns, other, precision, 1, -4, 4);
      const expected = table(rows, columns, (i, j) => formulas[f](z.get(i, j)));
      const out = place(rows, columns, layout, precision, nan);
      kernels[precision].activate(out, z, activations[f]);
      assertClose(out, expected, tolerance(precision));
      assertGuard(out);
      kernels[precision].activate(z, z, activations[f]);
      assertClose(z, expected, tolerance(precision));
      assertGuard(z);
    });
  }
});

test('activate knows the limits: no overflow at ±1e3 and ±1e308, the exact value at 0', () => {
  const expected: Record<BuiltIn, readonly number[]> = {
    sigmoid: [0, 0, 0.5, 1, 1],
    tanh: [-1, -1, 0, 1, 1],
    relu: [0, 0, 0, 1e3, 1e308],
    softplus: [0, 0, Math.log(2), 1e3, 1e308],
    linear: [-1e308, -1e3, 0, 1e3, 1e308],
  };
  for (const f of activationNames) {
    const actual = [-1e308, -1e3, 0, 1e3, 1e308].map((z) => evaluate(f, z));
    assertClose(actual, expected[f], { rtol: 1e-16, atol: 0 });
  }
});

test('activate keeps the last digits of small values: softplus and sigmoid far below 0', () => {
  for (const z of [-30, -100, -700]) {
    assertClose([evaluate('softplus', z), evaluate('sigmoid', z)], [Math.exp(z), Math.exp(z)], {
      rtol: 1e-12,
      atol: 0,
    });
  }
  assertClose([evaluate('tanh', 1e-9)], [1e-9], { rtol: 1e-15, atol: 0 });
});

test('activate keeps a NaN a NaN, in both precisions', () => {
  for (const f of activationNames) {
    assert.ok(Number.isNaN(evaluate(f, Number.NaN)), f);
    assert.ok(Number.isNaN(evaluate(f, Number.NaN, 'float32')), f);
  }
});

test('delta agrees with central differences of activate, from outputs alone', () => {
  const step = 1e-5;
  for (const f of activationNames) {
    for (const z of [-8, -2.3, -0.7, -0.01, 0.01, 0.4, 1.9, 6]) {
      const numeric = (evaluate(f, z + step) - evaluate(f, z - step)) / (2 * step);
      // Truncation is below step²·|f‴|/6, rounding below 2⁻⁵³·|f|/step.
      assertClose([derivative(f, evaluate(f, z))], [numeric], { rtol: 0, atol: 2e-10 });
    }
  }
});

test('delta is 0 for relu at its kink and below, and finite wherever units saturate', () => {
  assert.equal([derivative('relu', 0), derivative('relu', -0), derivative('relu', 1e-300)], [0, 0, 1]);
  for (const f of activationNames) {
    for (const z of [-1e3, 0, 1e3]) assert.ok(Number.isFinite(derivative(f, evaluate(f, z))), `${f} at ${z}`);
  }
  assert.equal([derivative('sigmoid', 0), derivative('sigmoid', 1), derivative('tanh', -1)], [0, 0, 0]);
  assert.is(derivative('softplus', evaluate('softplus', 1e3)), 1);
});

test('delta keeps the last digits of softplus′ far below 0', () => {
  assertClose([derivative('softplus', evaluate('softplus', -40))], [Math.exp(-40)], { rtol: 1e-12, atol: 0 });
});

test('delta writes (upstream + push)·f′ for every layout, with and without a push, and allows out = upstream', async () => {
  for (const f of activationNames) {
    await eachCase((rows, columns, layout, other, precision) => {
      const a = place(rows, columns, other, precision, (i, j) => ((7 * i + 3 * j) % 10) / 10);
      const upstream = randomView(rows, columns, other, precision, 2);
      const push = placeVector(columns, layout, precision, (j) => j - 1.5);
      const slope = (i: number, j: number) => derivative(f, a.get(i, j));
      for (const row of [push, null]) {
        const expected = table(rows, columns, (i, j) => (upstream.get(i, j) + (row?.get(j) ?? 0)) * slope(i, j));
        const out = place(rows, columns, layout, precision, nan);
        kernels[precision].delta(out, upstream, row, a, activations[f]);
        const allowed = { rtol: tolerance(precision).rtol, atol: precision === 'float32' ? columns * 2 ** -22 : 1e-13 };
        assertClose(out, expected, allowed);
        assertGuard(out);
        const inPlace = place(rows, columns, other, precision, (i, j) => upstream.get(i, j));
        kernels[precision].delta(inPlace, inPlace, row, a, activations[f]);
        assertClose(inPlace, expected, allowed);
        assertGuard(inPlace);
      }
    });
  }
});

test.run();
