import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, scalar, toFlat, vector } from '../../src/array/matrix.ts';
import { Autoencoder, type AutoencoderConfig, fit, type OptimizerConfig } from '../../src/index.ts';
import { assertClose } from '../support/close.ts';

// Fixtures made by PyTorch's automatic differentiation in float64, estimators as functions of their own:
// data/oracles/make_dictionaries.py.

type Named = Record<string, number[] | number[][]>;
type State = Record<string, number | number[]>;

interface Case {
  name: string;
  config: AutoencoderConfig;
  x: number[][];
  target?: number[][];
  state: State;
  parameters: Named;
  cost: number;
  terms: Record<string, number>;
  gradient: Named;
  codes: number[][];
  encoded: number[][];
  reconstruction: number[][];
  stateAfter: State;
}

interface Run {
  name: string;
  config: AutoencoderConfig;
  optimizer: OptimizerConfig;
  batches: number[][][];
  parameters: Named;
  costs: number[];
  final: Named;
  stateAfter: State;
}

const fixture = JSON.parse(readFileSync('data/oracles/dictionaries.json', 'utf8'));
const CLOSE = { rtol: 1e-10, atol: 1e-13 };

const arrays = (named: Named) =>
  Object.fromEntries(
    Object.entries(named).map(([name, values]) => [
      name,
      Array.isArray(values[0]) ? fromRows(values as number[][]) : vector(Float64Array.from(values as number[])),
    ]),
  );
const stateOf = (state: State) =>
  Object.fromEntries(
    Object.entries(state).map(([name, value]) => [
      name,
      typeof value === 'number' ? scalar(Float64Array.of(value)) : vector(Float64Array.from(value)),
    ]),
  );

async function modelOf({ config, parameters, state = {} }: Pick<Case, 'config' | 'parameters'> & { state?: State }) {
  const model = await Autoencoder.create(config);
  model.setParameters(arrays(parameters));
  model.setState(stateOf(state));
  return model;
}

async function assertState(model: Autoencoder, expected: State) {
  const state = await model.state();
  for (const [name, value] of Object.entries(stateOf(expected))) assertClose(toFlat(state[name]), value.data, CLOSE);
  // A threshold that has not begun is 0.
  if (!('code.threshold' in expected) && 'code.threshold' in state) assert.is(toFlat(state['code.threshold'])[0], 0);
}

for (const given of fixture.cases as Case[]) {
  test(`${given.name}: cost, gradient, codes and state as PyTorch has them`, async () => {
    const model = await modelOf(given);
    const x = fromRows(given.x);
    const target = given.target && fromRows(given.target);
    const before = await model.state();
    const { cost, terms, gradient } = await model.costAndGradient(x, target ? { target } : {});
    assertClose([cost], [given.cost], CLOSE);
    const { reconstruction, weightDecay = 0, sparsity = 0, auxiliary = 0, preActivation = 0 } = given.terms;
    // The gate's reconstruction and pre-activations count with what makes the layer sparse.
    const isGated = given.config.sparsity && 'kind' in given.config.sparsity && given.config.sparsity.kind === 'gated';
    const penalty = sparsity + preActivation + (isGated ? auxiliary : 0);
    assertClose(
      [terms.reconstruction, terms.weightDecay, terms.sparsity, terms.auxiliary ?? 0],
      [reconstruction, weightDecay, penalty, isGated ? 0 : auxiliary],
      CLOSE,
    );
    assert.equal(Object.keys(gradient).sort(), Object.keys(given.gradient).sort());
    for (const [name, expected] of Object.entries(arrays(given.gradient))) assertClose(gradient[name], expected, CLOSE);
    assertClose(await model.encode(x), fromRows(given.encoded), CLOSE);
    const after = await model.state();
    for (const name of Object.keys(before)) assert.equal(toFlat(after[name]), toFlat(before[name]), name);

    const options = { epochs: 1, batchSize: x.shape[0], optimizer: { kind: 'sgd', learningRate: 1e-300 } } as const;
    await fit(model, x, target ? { ...options, target } : options);
    await assertState(model, given.stateAfter);
  });
}

for (const given of fixture.runs as Run[]) {
  test(`${given.name}: twenty steps of Adam end where PyTorch's do`, async () => {
    const model = await modelOf(given);
    const rows = given.batches.flat();
    const size = given.batches[0].length;
    const costs: number[] = [];
    // Batches in their order: each is a source of its own to a run that goes on.
    const { Network, Loader, evaluate, createRules } = await parts();
    const { engine } = model;
    const network: InstanceType<typeof Network> = engine.createNetwork();
    const { optimizers } = await import('../../src/optimizers/table.ts');
    const { kernels: k, storage } = network;
    const steps = given.batches.length;
    const adam = optimizers.adam.create(given.optimizer as never, { k, storage, size: engine.layout.length, steps });
    const { rules } = await import('../../src/training/rules/table.ts');
    const around = createRules(given.config.unitNorm ? [{ kind: 'unit-norm' }] : [], rules as never, {
      ...{ network, theta: engine.theta, batchSize: size, seed: 1, transcoder: false },
      optimizer: { kind: 'adam', moments: adam.moments },
    });
    const codes = { first: 0, target: engine.theta, reconstruction: engine.theta, codes: [] }; // which unit-norm does not read
    const loader = new Loader(network);
    for (let step = 0; step < steps; step++) {
      const at = Uint32Array.from({ length: size }, (_, i) => step * size + i);
      const pass = loader.load(fromRows(rows), at, 0);
      const { evaluation } = await adam.step({
        theta: engine.theta,
        gradient: network.gradient,
        async evaluate() {
          const evaluation = await evaluate(network, pass);
          await around.before({ ...evaluation, step, steps, epoch: 1, examples: size, pass: codes });
          return evaluation;
        },
      });
      await around.after({ ...evaluation, step, steps, epoch: 1, examples: size, pass: codes });
      network.advance();
      costs.push(evaluation.cost);
    }
    assertClose(costs, given.costs, CLOSE);
    const parameters = await model.parameters();
    for (const [name, expected] of Object.entries(arrays(given.final))) {
      assertClose(parameters[name], expected, { rtol: 1e-10, atol: 1e-12 });
    }
    await assertState(model, given.stateAfter);
  });
}

async function parts() {
  const { Network } = await import('../../src/model/network.ts');
  const { Loader } = await import('../../src/model/load.ts');
  const { evaluate } = await import('../../src/model/engine.ts');
  const { createRules } = await import('../../src/training/rules/run-rules.ts');
  return { Network, Loader, evaluate, createRules };
}

test.run();
