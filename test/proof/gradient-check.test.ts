import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows } from '../../src/array/matrix.ts';
import { Autoencoder, checkGradient, checkGradientOf, compareGradients, numericGradient } from '../../src/index.ts';

// h(x) = x₁² + 3x₁x₂ at (4, 10): ∇h = (2x₁ + 3x₂, 3x₁) = (38, 12). [UFLDL, checkNumericalGradient.m]
const quadratic = ([a, b]: Float64Array) => ({ cost: a * a + 3 * a * b, gradient: [2 * a + 3 * b, 3 * a] });
const point = () => Float64Array.of(4, 10);

test('checkGradientOf gives 2.1452e-12 on the quadratic of UFLDL, as its comment says', async () => {
  const { normRelativeError } = await checkGradientOf(quadratic, point(), { epsilon: 1e-4 });
  assert.is(normRelativeError.toExponential(4), '2.1452e-12');
});

test('checkGradientOf fails wrong gradients of the quadratic', async () => {
  const wrong = [
    ([a, b]: Float64Array) => [2 * a + 3 * b, 3 * b], // the other variable
    ([a, b]: Float64Array) => [2 * a, 3 * a + 0 * b], // a term missing
    ([a, b]: Float64Array) => [-(2 * a + 3 * b), -3 * a], // the sign
    ([a, b]: Float64Array) => [(2 * a + 3 * b) * (1 + 1e-6), 3 * a], // a part in a million
  ];
  for (const gradient of wrong) {
    const check = await checkGradientOf((t) => ({ cost: quadratic(t).cost, gradient: gradient(t) }), point());
    assert.ok(check.normRelativeError > 1e-8, `${gradient}: ${check.normRelativeError}`);
  }
});

test('checkGradientOf names the worst entry', async () => {
  const { worst } = await checkGradientOf((t) => ({ cost: quadratic(t).cost, gradient: [38, 11] }), point());
  assert.is(worst.index, 1);
  assert.is(worst.analytic, 11);
  assert.ok(Math.abs(worst.numeric - 12) < 1e-6);
});

test('checkGradientOf passes no limit where a gradient is NaN', async () => {
  const check = await checkGradientOf((t) => ({ cost: quadratic(t).cost, gradient: [38, Number.NaN] }), point());
  assert.not(check.normRelativeError <= 1);
  assert.not(check.maxRelativeError <= 1);
  assert.is(check.worst.index, 1);
});

test('checkGradientOf refuses a gradient of another length', async () => {
  await checkGradientOf(() => ({ cost: 0, gradient: [1] }), point()).then(
    () => assert.unreachable(),
    (error) => assert.match(error.message, 'the gradient has 1 entries and θ has 2'),
  );
});

test('numericGradient leaves θ as it was', async () => {
  const theta = point();
  await numericGradient((t) => quadratic(t).cost, theta);
  assert.equal(Array.from(theta), [4, 10]);
});

test('compareGradients names the first entry that is NaN', () => {
  assert.is(compareGradients([Number.NaN, 0, 0], [1, 0, 0]).worst.index, 0);
  assert.is(compareGradients([0, 9, Number.NaN, 0], [0, 0, 1, 5]).worst.index, 2);
});

test('compareGradients gives 0 for two zero gradients', () => {
  assert.is(compareGradients([0, 0], [0, 0]).normRelativeError, 0);
});

test('compareGradients works by hand: ‖n − a‖/‖n + a‖ of (3, 4) and (3, 4.5)', () => {
  const { normRelativeError, maxRelativeError } = compareGradients([3, 4], [3, 4.5]);
  assert.is(normRelativeError, 0.5 / Math.hypot(6, 8.5));
  assert.is(maxRelativeError, 0.5 / 4.5);
});

const x = fromRows([
  [0.1, 0.5, 0.9, 0.3],
  [0.8, 0.2, 0.4, 0.6],
  [0.3, 0.7, 0.2, 0.9],
]);

for (const precision of ['float32', 'float64'] as const) {
  test(`checkGradient proves a ${precision} model, leaves it unchanged and names the worst parameter`, async () => {
    const model = await Autoencoder.create({
      inputs: 4,
      hidden: 3,
      weightDecay: 0.1,
      sparsity: { kind: 'kl', target: 0.2, weight: 3 },
      precision,
    });
    const before = JSON.stringify(Object.values(await model.parameters()).map(({ data }) => Array.from(data)));
    const check = await checkGradient(model, x);
    assert.ok(check.normRelativeError <= 1e-8, String(check.normRelativeError));
    assert.ok(Object.keys(await model.parameters()).includes(check.worst.parameter));
    const { size } = (await model.parameters())[check.worst.parameter];
    assert.ok(check.worst.index >= 0 && check.worst.index < size);
    assert.is(JSON.stringify(Object.values(await model.parameters()).map(({ data }) => Array.from(data))), before);
  });
}

test.run();
