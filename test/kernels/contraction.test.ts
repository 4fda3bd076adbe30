import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Precision } from '../../src/array/matrix.ts';
import { activations } from '../../src/kernels/activations/table.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { activationNames, type BuiltIn } from '../support/activations.ts';
import { assertClose } from '../support/close.ts';
import { assertGuard, eachCase, place, placeVector, precisions, randomView, table } from '../support/views.ts';

const kernels = { float32: createReferenceKernels('float32'), float64: createReferenceKernels('float64') };
const nan = () => Number.NaN;
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** f, f′ and f″ as functions of z, from a table of derivatives. */
const definitions: Record<BuiltIn, readonly [(z: number) => number, (z: number) => number, (z: number) => number]> = {
  sigmoid: [sigmoid, (z) => sigmoid(z) * sigmoid(-z), (z) => sigmoid(z) * sigmoid(-z) * (sigmoid(-z) - sigmoid(z))],
  tanh: [Math.tanh, (z) => 1 / Math.cosh(z) ** 2, (z) => (-2 * Math.tanh(z)) / Math.cosh(z) ** 2],
  softplus: [(z) => Math.log1p(Math.exp(z)), sigmoid, (z) => sigmoid(z) * sigmoid(-z)],
  relu: [(z) => Math.max(z, 0), (z) => (z > 0 ? 1 : 0), () => 0],
  linear: [(z) => z, () => 1, () => 0],
};

/** Value, dA and pull of one unit with ‖W‖² = r and κ = 1, at pre-activation z. */
async function single(f: BuiltIn, z: number, r: number, precision: Precision = 'float64') {
  const k = kernels[precision];
  const dA = place(1, 1, 'rows', precision, () => 0);
  const pull = placeVector(1, 'rows', precision, nan);
  const results = k.allocateResults(1);
  const a = place(1, 1, 'rows', precision, () => definitions[f][0](z));
  k.contraction(
    dA,
    pull,
    results,
    0,
    a,
    placeVector(1, 'rows', precision, () => r),
    activations[f],
    1,
    1,
  );
  return { value: (await k.read(results))[0], dA: dA.get(0, 0), pull: pull.get(0) };
}

test('contraction adds (κ/m) Σ f′² r to its slot and 2κ·r·f″ to dA, and writes pull, for every layout and activation', async () => {
  const kappa = 0.7;
  await eachCase(async (rows, columns, layout, other, precision) => {
    const m = rows + 2; // the rows are a part of the batch
    const k = kernels[precision];
    for (const f of activationNames) {
      const [forward, first, second] = definitions[f];
      const z = randomView(rows, columns, 'rows', 'float64', 1, -3, 3);
      const a = place(rows, columns, other, precision, (i, j) => forward(z.get(i, j)));
      const norms = placeVector(columns, other, precision, (j) => 0.5 + (j % 4));
      const dA = randomView(rows, columns, layout, precision, 2);
      const pull = placeVector(columns, layout, precision, nan);
      const gained = table(rows, columns, (i, j) => dA.get(i, j) + 2 * kappa * norms.get(j) * second(z.get(i, j)));
      const squares = table(rows, columns, (i, j) => first(z.get(i, j)) ** 2);
      const results = k.allocateResults(3);
      k.contraction(dA, pull, results, 1, a, norms, activations[f], kappa, m);
      let value = 0;
      const pulls = table(1, columns, (_, j) => {
        let sum = 0;
        for (let i = 0; i < rows; i++) sum += squares[i * columns + j];
        value += (kappa / m) * norms.get(j) * sum;
        return (2 * kappa * sum) / m;
      });
      const limit = precision === 'float32' ? { rtol: 2e-6, atol: 4e-6 } : { rtol: 1e-12, atol: 1e-13 };
      assertClose(await k.read(results), [0, value, 0], limit);
      assertClose(dA, gained, limit);
      assertClose(pull, pulls, limit);
      for (const view of [dA, pull, a, norms]) assertGuard(view);
    }
  });
});

test('contraction has the f″ that central differences of f′ show, times f′ the derivative of its value', async () => {
  const step = 1e-5;
  for (const f of activationNames) {
    for (const z of [-4, -1.3, -0.2, 0.1, 0.9, 3.5]) {
      const [forward] = definitions[f];
      const slope = (at: number) => (forward(at + step) - forward(at - step)) / (2 * step);
      const { value, dA, pull } = await single(f, z, 2);
      assertClose([value, pull], [2 * slope(z) ** 2, 2 * slope(z) ** 2], { rtol: 0, atol: 1e-8 });
      const first = async (at: number) => Math.sqrt((await single(f, at, 1)).value);
      assertClose([dA], [(4 * ((await first(z + step)) - (await first(z - step)))) / (2 * step)], {
        rtol: 0,
        atol: 1e-8,
      });
      const numeric = ((await single(f, z + step, 2)).value - (await single(f, z - step, 2)).value) / (2 * step);
      assertClose([dA * slope(z)], [numeric], { rtol: 0, atol: 1e-8 });
    }
  }
});

test('contraction takes the limit from the left at the kink of relu, and is finite where units saturate', async () => {
  assert.equal(await single('relu', 0, 3), { value: 0, dA: 0, pull: 0 });
  for (const precision of precisions) {
    for (const f of ['sigmoid', 'tanh'] as const) {
      for (const z of [-800, 800]) {
        const { value, dA, pull } = await single(f, z, 3, precision);
        assert.equal([value, Math.abs(dA), pull], [0, 0, 0]);
      }
    }
    const { value, dA, pull } = await single('softplus', 600, 3, precision);
    assertClose([value, dA, pull], [3, 0, 2], { rtol: 0, atol: 1e-250 });
  }
});

test('contraction passes a NaN on', async () => {
  for (const f of ['sigmoid', 'tanh', 'softplus'] as const) {
    const { value, dA, pull } = await single(f, Number.NaN, 1);
    assert.ok(Number.isNaN(value) && Number.isNaN(dA) && Number.isNaN(pull));
  }
});

test('rowSquaredNorms writes Σⱼ x_ij², added up in float64', async () => {
  await eachCase((rows, columns, layout, other, precision) => {
    const out = placeVector(rows, layout, precision, nan);
    const x = randomView(rows, columns, other, precision, 1);
    kernels[precision].rowSquaredNorms(out, x);
    const expected = table(1, rows, (_, i) => {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += x.get(i, j) ** 2;
      return sum;
    });
    assertClose(out, expected, { rtol: precision === 'float32' ? 2 ** -23 : 1e-14, atol: 0 });
    for (const view of [out, x]) assertGuard(view);
  });
  const wide = place(1, 1001, 'rows', 'float32', (_, j) => (j === 0 ? 4096 : 1));
  const out = placeVector(1, 'rows', 'float32', nan);
  kernels.float32.rowSquaredNorms(out, wide);
  assert.is(out.get(0), 2 ** 24 + 1000);
});

test.run();
