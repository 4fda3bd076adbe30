import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { activations } from '../../src/kernels/activations/table.ts';
import { activationNames, type BuiltIn } from '../support/activations.ts';
import { assertClose } from '../support/close.ts';

/** The definitions. */
const formulas: Record<BuiltIn, (z: number) => number> = {
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  tanh: Math.tanh,
  relu: (z) => Math.max(z, 0),
  softplus: (z) => Math.log1p(Math.exp(z)),
  linear: (z) => z,
};
const STEP = 1e-5;
const slope = (g: (z: number) => number, z: number) => (g(z + STEP) - g(z - STEP)) / (2 * STEP);

test('activations have the names that configs give, and f is what the definitions say', () => {
  assert.equal(Object.keys(formulas).sort(), [...activationNames].sort());
  for (const name of activationNames) {
    assert.is(activations[name].name, name);
    for (const z of [-30, -1.5, 0, 0.3, 12])
      assertClose([activations[name].of(z)], [formulas[name](z)], { rtol: 1e-14 });
  }
});

for (const f of activationNames) {
  const { first, second } = activations[f];
  const at = formulas[f];

  test(`derivatives of ${f}: f′ and f″ of the output are what central differences show`, () => {
    for (const z of [-5, -2.2, -1.3, -0.2, 0.1, 0.9, 1.7, 3.5, 6]) {
      assertClose([first(at(z))], [slope(at, z)], { rtol: 0, atol: 1e-9 });
      assertClose([second(at(z))], [slope((other) => first(at(other)), z)], { rtol: 0, atol: 1e-9 });
    }
  });
}

test('derivatives of relu are the limits from the left at the kink', () => {
  assert.equal([activations.relu.first(0), activations.relu.second(0)], [0, 0]);
  assert.is(activations.relu.first(Number.MIN_VALUE), 1);
});

test('derivatives are 0, and for softplus 1 and 0 or 0 and 0, where units saturate', () => {
  const both = (f: BuiltIn, a: number) => [activations[f].first(a), activations[f].second(a)].map(Math.abs);
  for (const a of [0, 1]) assert.equal(both('sigmoid', a), [0, 0]);
  for (const a of [-1, 1]) assert.equal(both('tanh', a), [0, 0]);
  assert.equal(both('softplus', 0), [0, 0]);
  assert.equal(both('softplus', 800), [1, 0]);
  // Where e⁻ᵃ rounds to 1, f′ = a(1 − a/2 + …) still has a's digits.
  assertClose(both('softplus', 1e-18), [1e-18, 1e-18]);
});

test('derivatives pass a NaN on, where they depend on a', () => {
  for (const f of ['sigmoid', 'tanh', 'softplus'] as const) {
    assert.ok(Number.isNaN(activations[f].first(Number.NaN)) && Number.isNaN(activations[f].second(Number.NaN)), f);
  }
});

test.run();
