import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Matrix, matrix, type Numbers, toFlat, vector } from '../../src/array/matrix.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import type { JumpReluPenalty, JumpReluSpec } from '../../src/layers/jump-relu.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { parseConfig } from '../../src/model/config.ts';
import { assertClose } from '../support/close.ts';
import { honest, type Plant } from '../support/engines.ts';
import { jumpReluByHand } from '../support/jump-relu-by-hand.ts';
import { overNumbers, uniforms } from '../support/views.ts';

// The estimators of jump-relu units, which no difference shows, against closed forms that share no code with them; and
// bugs planted in them.

const [M, D, H] = [15, 5, 7];
const CLOSE = { rtol: 1e-11, atol: 1e-13 };

const penalties: Record<string, JumpReluPenalty> = {
  l0: { kind: 'l0', weight: 0.3 },
  'target-l0 above': { kind: 'target-l0', weight: 0.7, target: 1.5 },
  'target-l0 below': { kind: 'target-l0', weight: 0.7, target: 6.5 },
  tanh: { kind: 'tanh', weight: 0.4, scale: 2 },
  'tanh, over all': { kind: 'tanh', weight: 0.4, scale: 2, preActivation: { weight: 0.2, over: 'all' } },
  'tanh, over the dead': {
    ...{ kind: 'tanh', weight: 0.4, scale: 2 },
    preActivation: { weight: 0.2, over: 'dead', deadAfter: 20 },
  },
};

/** Each penalty with θ raw and log, to the input and not, centred and not. */
function* specs(): Generator<{ name: string; spec: JumpReluSpec; center: boolean }> {
  for (const [name, penalty] of Object.entries(penalties)) {
    for (const parameter of ['raw', 'log'] as const) {
      for (const toInput of [false, true]) {
        for (const center of [false, true]) {
          const spec: JumpReluSpec = { kind: 'jump-relu', bandwidth: 1.2, parameter, toInput, penalty };
          yield {
            name: `${name}, ${parameter}${toInput ? ', to the input' : ''}${center ? ', centred' : ''}`,
            spec,
            center,
          };
        }
      }
    }
  }
}

/** A model at a random point, unit 0 silent for long and off, unit 1 with a raw θ held at 0, and what it should give. */
async function compared({ spec, center }: { spec: JumpReluSpec; center: boolean }, plant: Plant = honest) {
  const config = parseConfig({ inputs: D, hidden: H, precision: 'float64', sparsity: spec, center });
  const model = Autoencoder.over(plant(createReferenceKernels('float64')), config);
  const draw = (n: number, seed: number, low = -1) => uniforms(n, seed, low, 1);
  const log = spec.parameter === 'log';
  const thresholds = draw(H, 6, 0.05).map((t, j) => (log ? Math.log(t) : j === 1 ? -0.3 : t));
  model.setParameters({
    'encoder.weight': matrix(draw(H * D, 3), H, D),
    'encoder.bias': vector(draw(H, 4).map((b, j) => (j === 0 ? -9 : b))),
    'encoder.threshold': vector(thresholds),
    'decoder.weight': matrix(draw(H * D, 5), H, D),
    'decoder.bias': vector(draw(D, 7)),
  });
  const silence = Array.from({ length: H }, (_, j) => 3 * j + 15);
  if ('code.examplesSinceFired' in (await model.state()))
    model.setState({ 'code.examplesSinceFired': vector(Float64Array.from(silence)) });
  const x: Matrix = matrix(draw(M * D, 8), M, D);
  const { terms, gradient } = await model.costAndGradient(x);
  const expected = jumpReluByHand(await model.parameters(), x, { spec, center, silence });
  return { terms, gradient, codes: toFlat(await model.encode(x)), expected };
}

for (const given of specs()) {
  test(`value and estimators by hand: ${given.name}`, async () => {
    const { terms, gradient, codes, expected } = await compared(given);
    assert.ok(expected.alive >= 10, `${expected.alive} pairs in the window`);
    const { reconstruction, sparsity } = expected.terms;
    assertClose([terms.reconstruction, terms.sparsity], [reconstruction, sparsity], CLOSE);
    assertClose(codes, expected.codes, CLOSE);
    assert.equal(Object.keys(gradient).sort(), Object.keys(expected.gradient).sort());
    for (const [name, values] of Object.entries(expected.gradient)) {
      assertClose(toFlat(gradient[name]), values, CLOSE);
      assert.ok(
        values.some((value) => Math.abs(value) > 1e-4),
        `${name} is alive`,
      );
    }
    if (given.spec.parameter === 'raw') assert.is(toFlat(gradient['encoder.threshold'])[1], 0, 'held at 0');
  });
}

/** Which parameters' gradients are not those by hand. */
async function wrong(given: { spec: JumpReluSpec; center: boolean }, plant: Plant): Promise<string[]> {
  const { gradient, expected } = await compared(given, plant);
  return Object.entries(expected.gradient).flatMap(([name, values]) => {
    const found = toFlat(gradient[name]) as Numbers;
    return values.some((value, i) => Math.abs(value - found[i]) > 1e-6) ? [name] : [];
  });
}

const raw: JumpReluSpec = { kind: 'jump-relu', bandwidth: 1.2, penalty: penalties.l0 };
const bugs: [name: string, spec: JumpReluSpec, caught: string[], Plant][] = [
  [
    'the estimator on gated values: ∂J/∂a masked before it is asked',
    raw,
    ['encoder.threshold'],
    (k) => ({
      ...k,
      jumpReluDelta(delta, dTheta, z, jump, toInput, m) {
        const [dA, values, theta] = [delta, z, jump.theta].map((view) => overNumbers(view).data);
        for (let p = 0; p < dA.length; p++) if (values[p] <= theta[p % H]) dA[p] = 0;
        k.jumpReluDelta(delta, dTheta, z, jump, toInput, m);
      },
    }),
  ],
  [
    'a triangle’s window twice as wide',
    raw,
    ['encoder.threshold'],
    (k) => ({
      ...k,
      jumpReluDelta: (delta, dTheta, z, jump, toInput, m) =>
        k.jumpReluDelta(delta, dTheta, z, { ...jump, bandwidth: 2 * jump.bandwidth }, toInput, m),
    }),
  ],
  [
    'log θ without the factor θ',
    { ...raw, parameter: 'log' },
    ['encoder.threshold'],
    (k) => ({ ...k, thresholdDelta: (dP, dTheta) => k.axpy(dP, 1, dTheta) }),
  ],
  [
    'θ below 0 that still learns',
    raw,
    ['encoder.threshold'],
    (k) => ({ ...k, thresholdDelta: (dP, dTheta) => k.axpy(dP, 1, dTheta) }),
  ],
  [
    'to the input, which was not asked for',
    raw,
    ['encoder.weight', 'encoder.bias'],
    (k) => ({
      ...k,
      jumpReluDelta: (delta, dTheta, z, jump, _, m) => k.jumpReluDelta(delta, dTheta, z, jump, true, m),
    }),
  ],
  [
    'the penalty’s estimator not to the input',
    { ...raw, toInput: true },
    ['encoder.weight', 'encoder.bias'],
    (k) => ({ ...k, l0Delta: (_, dTheta, z, jump, slope, m) => k.l0Delta(null, dTheta, z, jump, slope, m) }),
  ],
  [
    'a target whose slope is not divided by it',
    { ...raw, penalty: penalties['target-l0 above'] },
    ['encoder.threshold'],
    (k) => ({
      ...k,
      l0Penalty(slope, results, slot, count, weight, target) {
        k.l0Penalty(slope, results, slot, count, weight, target);
        k.scale(slope, target ?? 1);
      },
    }),
  ],
];

for (const [name, spec, caught, plant] of bugs) {
  test(`the closed forms catch: ${name}`, async () => {
    assert.equal(await wrong({ spec, center: false }, honest), []);
    assert.equal(await wrong({ spec, center: false }, plant), caught);
  });
}

test.run();
