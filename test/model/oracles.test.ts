import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, type Matrix, toFlat, type Vector, vector } from '../../src/array/matrix.ts';
import { Autoencoder, type AutoencoderConfig, fit, type OptimizerConfig } from '../../src/index.ts';
import { assertClose } from '../support/close.ts';

// Fixtures made by PyTorch's automatic differentiation in float64: data/oracles/make_gradients.py, make_training_runs.py.

type Nested = number[] | number[][];
type Named = Record<string, Nested>;

function read(name: string) {
  return JSON.parse(readFileSync(`data/oracles/${name}.json`, 'utf8'));
}

function array(values: Nested): Matrix | Vector {
  return Array.isArray(values[0]) ? fromRows(values as number[][]) : vector(Float64Array.from(values as number[]));
}

function arrays(named: Named): Record<string, Matrix | Vector> {
  return Object.fromEntries(Object.entries(named).map(([name, values]) => [name, array(values)]));
}

async function modelOf(config: AutoencoderConfig, parameters: Named): Promise<Autoencoder> {
  const model = await Autoencoder.create({ ...config, precision: 'float64' });
  assert.equal(Object.keys(await model.parameters()).sort(), Object.keys(parameters).sort());
  model.setParameters(arrays(parameters));
  return model;
}

interface GradientCase {
  name: string;
  config: AutoencoderConfig;
  parameters: Named;
  x: number[][];
  cost: number;
  terms: Record<'reconstruction' | 'weightDecay' | 'sparsity', number>;
  gradient: Named;
}

for (const { name, config, parameters, x, cost, terms, gradient } of read('gradients').cases as GradientCase[]) {
  test(`costAndGradient equals PyTorch's autograd: ${name}`, async () => {
    const model = await modelOf(config, parameters);
    const result = await model.costAndGradient(fromRows(x));
    assertClose([result.cost], [cost], { rtol: 1e-14 });
    for (const term of ['reconstruction', 'weightDecay', 'sparsity'] as const) {
      assertClose([result.terms[term]], [terms[term]], { rtol: 1e-14 });
    }
    for (const [parameter, expected] of Object.entries(arrays(gradient))) {
      assertClose(toFlat(result.gradient[parameter]), toFlat(expected), { rtol: 1e-12, atol: 1e-15 });
    }
  });
}

interface TrainingModel {
  name: string;
  config: AutoencoderConfig;
  x: number[][];
  initialParameters: Named;
  runs: { optimizer: OptimizerConfig; costs: number[]; finalParameters: Named }[];
}

for (const { name, config, x, initialParameters, runs } of read('training-runs').models as TrainingModel[]) {
  for (const { optimizer, costs, finalParameters } of runs) {
    test(`fit repeats PyTorch's ten steps: ${name}, ${JSON.stringify(optimizer)}`, async () => {
      const model = await modelOf(config, initialParameters);
      const data = fromRows(x);
      const seen: number[] = [];
      await fit(model, data, {
        optimizer,
        epochs: 10,
        batchSize: data.shape[0],
        onProgress: (progress) => seen.push(progress.cost),
      });
      seen.push((await model.costAndGradient(data)).cost);
      assertClose(seen, costs, { rtol: 1e-13 });
      for (const [parameter, expected] of Object.entries(arrays(finalParameters))) {
        assertClose(toFlat((await model.parameters())[parameter]), toFlat(expected), { rtol: 1e-11, atol: 1e-14 });
      }
    });
  }
}

test.run();
