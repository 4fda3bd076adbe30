import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Precision } from '../../src/array/matrix.ts';
import type { KlSparsity } from '../../src/kernels/kernels.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { assertClose } from '../support/close.ts';
import { assertGuard, eachCase, layouts, place, placeVector, precisions, randomView, table } from '../support/views.ts';

const kernels = { float32: createReferenceKernels('float32'), float64: createReferenceKernels('float64') };
const roundoff = (precision: Precision) => (precision === 'float32' ? 2 ** -23 : 1e-14);
const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

/** Results whose slots 0, 1, 2 hold 1, 4, 9 before the kernel adds. */
function startedResults(precision: Precision) {
  const k = kernels[precision];
  const results = k.allocateResults(3);
  for (let slot = 0; slot < 3; slot++) {
    const x = placeVector(1, 'rows', precision, () => slot + 1);
    k.dot(results, slot, x, x);
  }
  return { results, values: async () => [...(await k.read(results))] };
}

/** Value and push of KL for one unit. */
async function kl(rhoHat: number, options: Partial<KlSparsity> = {}): Promise<{ value: number; push: number }> {
  const k = kernels.float64;
  const push = placeVector(1, 'rows', 'float64', () => Number.NaN);
  const results = k.allocateResults(1);
  const rates = placeVector(1, 'rows', 'float64', () => rhoHat);
  k.klSparsity(push, results, 0, rates, { target: 0.1, weight: 1, scale: 1, shift: 0, ...options });
  return { value: (await k.read(results))[0], push: push.get(0) };
}

const divergence = (rho: number, r: number) => rho * Math.log(rho / r) + (1 - rho) * Math.log((1 - rho) / (1 - r));

test('klSparsity knows KL(0.1‖0.4) to the bit, and its derivative 1.25', async () => {
  const { value, push } = await kl(0.4);
  assert.is(value, 0.22628916118535888);
  assertClose([push], [1.25], { rtol: 1e-15, atol: 0 });
});

test('klSparsity is 0 with derivative 0 at ρ̂ = ρ, and falls towards it from both sides', async () => {
  const { value, push } = await kl(0.1);
  assertClose([value, push], [0, 0], { rtol: 0, atol: 1e-15 });
  assert.ok((await kl(0.05)).push < 0 && (await kl(0.2)).push > 0);
  assert.ok((await kl(0.05)).value > 0 && (await kl(0.2)).value > 0);
});

test('klSparsity multiplies value and push by β, and the push by the scale', async () => {
  const once = await kl(0.3);
  const thrice = await kl(0.3, { weight: 3 });
  assertClose([thrice.value, thrice.push], [3 * once.value, 3 * once.push]);
  assert.equal(await kl(0.3, { weight: 0 }), { value: 0, push: 0 });
  // tanh: ρ̂ = −0.4 is a rate of 0.3, and ∂rate/∂ρ̂ = 1/2.
  const mapped = await kl(-0.4, { scale: 0.5, shift: 0.5 });
  assertClose([mapped.value, mapped.push], [once.value, once.push / 2]);
});

test('klSparsity has the push that central differences show, tanh rates included', async () => {
  const step = 1e-6;
  for (const [rhoHat, scale, shift] of [
    [0.02, 1, 0],
    [0.5, 1, 0],
    [0.93, 1, 0],
    [-0.9, 0.5, 0.5],
    [0.6, 0.5, 0.5],
  ]) {
    const options = { target: 0.2, weight: 2, scale, shift };
    const numeric = ((await kl(rhoHat + step, options)).value - (await kl(rhoHat - step, options)).value) / (2 * step);
    assertClose([(await kl(rhoHat, options)).push], [numeric], { rtol: 1e-7, atol: 0 });
  }
});

test('klSparsity clamps dead and saturated units to [1e-8, 1 − 1e-8], in value and push alike', async () => {
  for (const [rhoHat, clamped] of [
    [0, 1e-8],
    [1e-12, 1e-8],
    [-1e-3, 1e-8],
    [1, 1 - 1e-8],
    [1 - 1e-12, 1 - 1e-8],
    [1.5, 1 - 1e-8],
  ]) {
    const push = -0.1 / clamped + 0.9 / (1 - clamped);
    assertClose([(await kl(rhoHat)).value, (await kl(rhoHat)).push], [divergence(0.1, clamped), push]);
  }
  const dead = await kl(-1, { scale: 0.5, shift: 0.5 });
  assertClose([dead.value, dead.push], [(await kl(0)).value, (await kl(0)).push / 2]);
});

test('klSparsity does not clamp a NaN away', async () => {
  const { value, push } = await kl(Number.NaN);
  assert.ok(Number.isNaN(value) && Number.isNaN(push));
});

test('klSparsity adds to its slot and writes push, for every layout', async () => {
  for (const precision of precisions) {
    for (const layout of layouts) {
      for (const other of layouts) {
        const push = placeVector(7, layout, precision, () => Number.NaN);
        const rates = placeVector(7, other, precision, (j) => (j + 1) / 9);
        const { results, values } = startedResults(precision);
        kernels[precision].klSparsity(push, results, 1, rates, { target: 0.05, weight: 3, scale: 1, shift: 0 });
        const r = table(1, 7, (_, j) => rates.get(j));
        assertClose(await values(), [1, 4 + 3 * total(r.map((rate) => divergence(0.05, rate))), 9]);
        const expected = r.map((rate) => 3 * (-0.05 / rate + 0.95 / (1 - rate)));
        assertClose(push, expected, { rtol: roundoff(precision), atol: roundoff(precision) });
        assertGuard(push);
      }
    }
  }
});

test('l1Sparsity adds (γ/m) Σ |a| to its slot and γ·sign(a) to dA, which keeps what it held', async () => {
  await eachCase(async (rows, columns, layout, other, precision) => {
    const m = rows + 2; // the rows are a part of the batch
    const a = randomView(rows, columns, other, precision, 1);
    const dA = randomView(rows, columns, layout, precision, 2);
    const expected = table(rows, columns, (i, j) => dA.get(i, j) + 0.5 * (a.get(i, j) > 0 ? 1 : -1));
    const magnitudes = table(rows, columns, (i, j) => Math.abs(a.get(i, j)));
    const { results, values } = startedResults(precision);
    kernels[precision].l1Sparsity(dA, results, 1, a, 0.5, m);
    assertClose(await values(), [1, 4 + (0.5 / m) * total(magnitudes), 9]);
    assertClose(dA, expected, { rtol: roundoff(precision), atol: roundoff(precision) });
    assertGuard(dA);
  });
});

test('l1Sparsity has sign 0 at 0 and at −0', () => {
  const dA = place(1, 4, 'rows', 'float64', () => 2);
  const a = place(1, 4, 'rows', 'float64', (_, j) => [0, -0, 5e-324, -5e-324][j]);
  kernels.float64.l1Sparsity(dA, kernels.float64.allocateResults(1), 0, a, 1, 1);
  assert.equal([...dA.data], [2, 2, 3, 1]);
});

test('weightDecay adds (λ/2) Σ w² to its slot and sets dW to λ·w, whatever it held, on any layout', async () => {
  await eachCase(async (rows, columns, layout, other, precision) => {
    const w = randomView(rows, columns, other, precision, 1);
    const dW = place(rows, columns, layout, precision, () => Number.NaN);
    const expected = table(rows, columns, (i, j) => 0.3 * w.get(i, j));
    const squares = table(rows, columns, (i, j) => w.get(i, j) ** 2);
    const before = w.data.slice();
    const { results, values } = startedResults(precision);
    kernels[precision].weightDecay(dW, results, 1, w, 0.3);
    assertClose(await values(), [1, 4 + 0.15 * total(squares), 9]);
    assertClose(dW, expected, { rtol: roundoff(precision), atol: roundoff(precision) });
    assertGuard(dW);
    assert.equal(w.data, before);
  });
});

test('weightL1 adds γ Σ |w| to its slot and γ·sign(w) to dW, which keeps what it held, on any layout', async () => {
  await eachCase(async (rows, columns, layout, other, precision) => {
    const w = randomView(rows, columns, other, precision, 1);
    const dW = randomView(rows, columns, layout, precision, 2);
    const expected = table(rows, columns, (i, j) => dW.get(i, j) + (w.get(i, j) > 0 ? 0.3 : -0.3));
    const magnitudes = table(rows, columns, (i, j) => Math.abs(w.get(i, j)));
    const { results, values } = startedResults(precision);
    kernels[precision].weightL1(dW, results, 1, w, 0.3);
    assertClose(await values(), [1, 4 + 0.3 * total(magnitudes), 9]);
    assertClose(dW, expected, { rtol: roundoff(precision), atol: roundoff(precision) });
    for (const view of [dW, w]) assertGuard(view);
  });
});

test('weightL1 has sign 0 at 0 and at −0', () => {
  const dW = place(1, 4, 'rows', 'float64', () => 2);
  const w = place(1, 4, 'rows', 'float64', (_, j) => [0, -0, 5e-324, -5e-324][j]);
  kernels.float64.weightL1(dW, kernels.float64.allocateResults(1), 0, w, 1);
  assert.equal([...dW.data], [2, 2, 3, 1]);
});

test.run();
