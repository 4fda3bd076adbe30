import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { biasCorrection } from '../../src/kernels/bias-correction.ts';

test('1 − βᵗ by hand', () => {
  assert.is(biasCorrection(0.5, 10), 1 - 2 ** -10);
  assert.is(biasCorrection(0.9, 1), 1 - 0.9);
  assert.is(biasCorrection(0, 7), 1);
  assert.is(biasCorrection(0.999, 10_000_000), 1);
});

test('1 − βᵗ within rounding of the exact power of the float64 β, by whole numbers', () => {
  for (const beta of [0.9, 0.999, 0.95, 0.3]) {
    const exact = BigInt(beta * 2 ** 60); // a float64 below 1 times 2⁶⁰ is whole where β ≥ 2⁻⁷
    let power = 1n << 200n;
    for (let t = 1; t <= 3000; t++) {
      power = (power * exact) >> 60n;
      const expected = Number((1n << 200n) - power) / 2 ** 200;
      assert.ok(Math.abs(biasCorrection(beta, t) - expected) <= 1e-14 * expected + 1e-15, `${beta}^${t}`);
    }
  }
});

test.run();
