import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, toFlat, vector } from '../../src/array/matrix.ts';
import { Autoencoder, type AutoencoderConfig, Classifier, fit, type OptimizerConfig } from '../../src/index.ts';
import type { KSparseSpec } from '../../src/layers/k-sparse.ts';
import { type Engine, evaluate } from '../../src/model/engine.ts';
import { namedArrays } from '../../src/model/parameters.ts';
import { assertClose } from '../support/close.ts';

// Fixtures made by PyTorch's automatic differentiation in float64: data/oracles/make_gradients_2.py. Contraction is the
// explicit Jacobian there, k-sparse is torch.topk, the classifier torch's cross_entropy.

type Named = Record<string, number[] | number[][]>;

interface Expected {
  name: string;
  parameters: Named;
  x: number[][];
  cost: number;
  terms: Record<string, number>;
  gradient: Named;
}

interface AutoencoderCase extends Expected {
  config: AutoencoderConfig;
  corrupted?: number[][];
  emphasis?: number[][];
}

interface ClassifierCase extends Expected {
  config: {
    inputs: number;
    hidden: number[];
    classes: number;
    activation: 'linear';
    weightDecay: number;
    hiddenWeightDecay: number;
    sparsity: KSparseSpec | null;
  };
  labels: number[];
}

interface Run {
  config: AutoencoderConfig;
  x: number[][];
  optimizer: OptimizerConfig;
  initialParameters: Named;
  costs: number[];
  finalParameters: Named;
}

const fixture = JSON.parse(readFileSync('data/oracles/gradients-2.json', 'utf8'));
const arrays = (named: Named) =>
  Object.fromEntries(
    Object.entries(named).map(([name, values]) => [
      name,
      Array.isArray(values[0]) ? fromRows(values as number[][]) : vector(Float64Array.from(values as number[])),
    ]),
  );

interface Found {
  cost: number;
  terms: Readonly<Record<string, number>>;
  gradient: ReturnType<typeof arrays>;
}

/** Cost, terms and gradient to 1e-12; terms that the fixture lacks are 0. */
function assertEqualsTorch({ cost, terms, gradient }: Found, expected: Expected): void {
  assertClose([cost], [expected.cost], { rtol: 1e-13 });
  for (const [term, value] of Object.entries(terms)) {
    assertClose([value], [expected.terms[term] ?? 0], { rtol: 1e-13, atol: 1e-16 });
  }
  assert.equal(Object.keys(gradient).sort(), Object.keys(expected.gradient).sort());
  for (const [name, values] of Object.entries(arrays(expected.gradient))) {
    assertClose(toFlat(gradient[name]), toFlat(values), { rtol: 1e-12, atol: 1e-15 });
  }
}

/** Cost and gradient with the input, target and emphasis as given, past the drawing of corruption. */
async function evaluateOn(engine: Engine, { x, corrupted, emphasis }: AutoencoderCase): Promise<Found> {
  const network = engine.createNetwork();
  const pass = network.pass(x.length);
  engine.kernels.write(pass.x, (corrupted ?? x).flat());
  if (pass.target !== pass.x) engine.kernels.write(pass.target, x.flat());
  assert.is(pass.emphasis === null, emphasis === undefined);
  if (pass.emphasis !== null && emphasis !== undefined) engine.kernels.write(pass.emphasis, emphasis.flat());
  const { cost, terms } = await evaluate(network, pass);
  return { cost, terms, gradient: namedArrays(engine.layout, await engine.kernels.copyOut(network.gradient)) };
}

for (const given of fixture.autoencoders as AutoencoderCase[]) {
  test(`costAndGradient equals PyTorch's autograd: ${given.name}`, async () => {
    const model = await Autoencoder.create({ ...given.config, precision: 'float64' });
    model.setParameters(arrays(given.parameters));
    assertEqualsTorch(await evaluateOn(model.engine, given), given);
    if (given.corrupted === undefined) assertEqualsTorch(await model.costAndGradient(fromRows(given.x)), given);
  });
}

for (const given of fixture.classifiers as ClassifierCase[]) {
  test(`costAndGradient equals PyTorch's autograd: ${given.name}`, async () => {
    const { inputs, hidden, classes, activation, weightDecay, hiddenWeightDecay, sparsity } = given.config;
    const model = await Classifier.create({
      ...{ inputs, hidden, classes, activation, weightDecay, hiddenWeightDecay },
      layers: hidden.map(() => sparsity),
      precision: 'float64',
    });
    model.setParameters(arrays(given.parameters));
    assertEqualsTorch(await model.costAndGradient(fromRows(given.x), given.labels), given);
  });
}

for (const { config, x, optimizer, initialParameters, costs, finalParameters } of fixture.runs as Run[]) {
  test(`fit repeats PyTorch's ten steps on k-sparse units: ${JSON.stringify(optimizer)}`, async () => {
    const model = await Autoencoder.create({ ...config, precision: 'float64' });
    model.setParameters(arrays(initialParameters));
    const data = fromRows(x);
    const { history } = await fit(model, data, { optimizer, epochs: 10, batchSize: x.length });
    const seen = [...history.map(({ cost }) => cost), (await model.costAndGradient(data)).cost];
    assertClose(seen, costs, { rtol: 1e-12 });
    for (const [name, values] of Object.entries(arrays(finalParameters))) {
      assertClose(toFlat((await model.parameters())[name]), toFlat(values), { rtol: 1e-11, atol: 1e-14 });
    }
  });
}

test.run();
