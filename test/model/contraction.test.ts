import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toFlat } from '../../src/array/matrix.ts';
import { autoencoderSpec } from '../../src/model/autoencoder-spec.ts';
import { type AutoencoderConfig, parseConfig } from '../../src/model/config.ts';
import type { Parameters } from '../../src/model/parameter-access.ts';
import { namedArrays } from '../../src/model/parameters.ts';
import { checkGradientOf } from '../../src/proof/gradient-check.ts';
import { activationNames, type BuiltIn } from '../support/activations.ts';
import { assertClose } from '../support/close.ts';
import { randomEngine } from '../support/engines.ts';
import { naiveEncode, type Rows, rowsOf } from '../support/naive-model.ts';
import { formulas } from '../support/naive-network.ts';

const KAPPA = 0.4;
const smooth = activationNames.filter((f) => f !== 'relu');
const specOf = (extra: Partial<AutoencoderConfig>) =>
  autoencoderSpec(parseConfig({ inputs: 5, hidden: 4, precision: 'float64', ...extra }));

/** J_ji = ∂aⱼ/∂xᵢ = f′(zⱼ) W_ji at one example, formed element by element. */
function jacobian(p: Parameters, row: readonly number[], f: BuiltIn, name: string): number[][] {
  const weight = p[`${name}.weight`];
  const bias = p[`${name}.bias`];
  const [units, inputs] = weight.shape;
  return Array.from({ length: units }, (_, j) => {
    const z = row.reduce((sum, value, i) => sum + value * weight.get(j, i), bias.get(j));
    return Array.from({ length: inputs }, (_value, i) => formulas[f][1](z) * weight.get(j, i));
  });
}

/** (κ/m) Σₖ ‖J(xₖ)‖²_F. */
function penalty(p: Parameters, x: Rows, f: BuiltIn, name = 'encoder'): number {
  const squares = x.flatMap((row) => jacobian(p, row, f, name).flat()).map((value) => value * value);
  return (KAPPA * squares.reduce((sum, square) => sum + square, 0)) / x.length;
}

/** The contraction term of the engine and its gradient: those of J with it, less those of J without. */
async function contractionOf(config: Partial<AutoencoderConfig>, contraction: AutoencoderConfig['contraction']) {
  const { engine, theta, x, parameters } = randomEngine(specOf({ ...config, contraction }));
  const withIt = await engine.costAndGradient(x);
  const without = await randomEngine(specOf(config)).engine.costAndGradient(x);
  assertClose([withIt.cost - without.cost], [withIt.terms.contraction], { rtol: 1e-11 });
  const gradient = withIt.gradient.map((g, i) => g - without.gradient[i]);
  return { engine, theta, x, parameters, value: withIt.terms.contraction, gradient };
}

test('the Jacobian that is written out equals central differences of the codes', () => {
  const step = 1e-5;
  for (const f of smooth) {
    const { parameters, x } = randomEngine(specOf({ activation: f }));
    const [row] = rowsOf(x);
    const explicit = jacobian(parameters, row, f, 'encoder');
    row.forEach((_, i) => {
      const codes = (h: number) => naiveEncode(parameters, [row.map((v, c) => (c === i ? v + h : v))], f)[0];
      const [up, down] = [codes(step), codes(-step)];
      assertClose(
        up.map((value, j) => (value - down[j]) / (2 * step)),
        explicit.map((of) => of[i]),
        { rtol: 0, atol: 1e-9 },
      );
    });
  }
});

for (const activation of smooth) {
  for (const tied of [false, true]) {
    test(`contraction of ${activation} units equals the explicit Jacobian, value and gradient, ${tied ? 'tied' : 'untied'}`, async () => {
      const { engine, theta, x, parameters, value, gradient } = await contractionOf({ activation, tied }, KAPPA);
      const rows = rowsOf(x);
      assertClose([value], [penalty(parameters, rows, activation)], { rtol: 1e-13 });
      const check = await checkGradientOf(
        (t) => ({ cost: penalty(namedArrays(engine.layout, t), rows, activation), gradient }),
        theta,
      );
      assert.ok(check.normRelativeError <= 1e-8, `${check.normRelativeError}`);
    });
  }
}

test('contraction of relu units equals the explicit Jacobian away from the kink', async () => {
  const { x, parameters, value } = await contractionOf({ activation: 'relu' }, KAPPA);
  assertClose([value], [penalty(parameters, rowsOf(x), 'relu')], { rtol: 1e-13 });
});

test('contraction on a higher layer takes the Jacobian by that layer’s own input, and reaches the layers below', async () => {
  for (const activation of smooth) {
    const config = { hidden: [4, 3], activation };
    const { engine, theta, x, value, gradient } = await contractionOf(config, { weight: KAPPA, layer: 1 });
    const cost = (t: Float64Array) => {
      const p = namedArrays(engine.layout, t);
      return penalty(p, naiveEncode(p, rowsOf(x), activation, 'encoder.0'), activation, 'encoder.1');
    };
    assertClose([value], [cost(theta)], { rtol: 1e-13 });
    const check = await checkGradientOf((t) => ({ cost: cost(t), gradient }), theta);
    assert.ok(check.normRelativeError <= 1e-8, `${activation}: ${check.normRelativeError}`);
  }
});

test('contraction of linear units is κ‖W‖², whatever the examples: its gradient is 2κW, and 0 elsewhere', async () => {
  const { parameters, value, gradient, engine } = await contractionOf({ activation: 'linear' }, KAPPA);
  const weight = toFlat(parameters['encoder.weight']) as Float64Array;
  assertClose([value], [KAPPA * weight.reduce((sum, w) => sum + w * w, 0)], { rtol: 1e-13 });
  const named = namedArrays(engine.layout, gradient);
  assertClose(
    toFlat(named['encoder.weight']),
    weight.map((w) => 2 * KAPPA * w),
    { rtol: 0, atol: 1e-14 },
  );
  for (const name of ['encoder.bias', 'decoder.weight', 'decoder.bias']) {
    assertClose(toFlat(named[name]), toFlat(named[name]).fill(0), { rtol: 0, atol: 1e-14 });
  }
});

test('contraction by hand: one sigmoid unit at z = 0 with W = (3, 4), κ = 2: 2·(1/4)²·25 = 3.125', async () => {
  const { engine, x } = randomEngine(specOf({ inputs: 2, hidden: 1, contraction: 2 }), 1);
  x.set(0, 0, 0.4);
  x.set(0, 1, 0.3);
  const layout = Object.fromEntries(engine.layout.parameters.map(({ name, offset }) => [name, offset]));
  const theta = new Float64Array(engine.layout.length);
  theta.set([3, 4], layout['encoder.weight']);
  theta[layout['encoder.bias']] = -2.4;
  engine.kernels.write(engine.theta, theta);
  const { terms, gradient } = await engine.costAndGradient(x);
  assertClose([terms.contraction], [3.125], { rtol: 1e-14 });
  // f″(0) = 0, so only the direct term is left: 2κ f′² W = W/4.
  assertClose(gradient.slice(0, 2), [0.75, 1], { rtol: 0, atol: 1e-14 });
});

test.run();
