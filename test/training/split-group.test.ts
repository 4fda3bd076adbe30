import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Matrix, matrix } from '../../src/array/matrix.ts';
import { fillUniform, stream } from '../../src/array/random.ts';
import { createKernels } from '../../src/kernels/create.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { Classifier } from '../../src/model/classifier.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { Engine, evaluate, firstRows } from '../../src/model/engine.ts';
import { type Group, shareOf } from '../../src/model/group.ts';
import { Loader } from '../../src/model/load.ts';
import { createLayout } from '../../src/model/parameters.ts';
import { CLASSES, type GradientCase, gradientCases, INPUTS } from '../../src/proof/gradient-cases.ts';
import { compareGradients } from '../../src/proof/gradient-check.ts';
import { fit } from '../../src/training/fit.ts';
import { fitClassifier } from '../../src/training/fit-classifier.ts';
import type { FitOptions } from '../../src/training/options.ts';
import { splitGroups } from '../support/split-group.ts';

// One batch on 1, 2 and 3 ranks in one process: cost, terms and gradient are those of the whole batch, to rounding.

const M = 7;

/** Cost, terms and gradient of one rank, at a random point that follows from the spec alone. */
async function evaluateOn({ spec, lowest = 0 }: GradientCase, x: Matrix, labels: Matrix<Uint8Array>, group?: Group) {
  const { length } = createLayout(spec.parameters);
  const theta = fillUniform(new Float64Array(length), { seed: 3, stream: stream.testing }, -0.7, 0.7);
  const engine = new Engine(createKernels('float64'), spec, theta);
  const network = engine.createNetwork();
  const rows = firstRows(M);
  const own = group === undefined ? rows : shareOf(rows, group);
  const targets = spec.dataTerm === 'classification' ? labels : undefined;
  const pass = new Loader(network).load(x, own, 0, targets, own, M);
  const { cost, terms, gradientNorm } = await evaluate(network, pass, { lowest, group });
  return { cost, terms, gradientNorm, gradient: await engine.kernels.copyOut(network.gradient) };
}

test('every fifth row of the gradient suite agrees on 1, 2 and 3 ranks with the whole batch', async () => {
  const x = matrix(fillUniform(new Float64Array(M * INPUTS), { seed: 9, stream: stream.testing }, 0.1, 0.9), M, INPUTS);
  const labels = matrix(new Uint8Array(M * CLASSES), M, CLASSES);
  for (let i = 0; i < M; i++) labels.set(i, i % CLASSES, 1);
  let rows = 0;
  for (const given of gradientCases()) {
    rows++;
    if (rows % 5 !== 0 && process.env.RHOHAT_ALL_ROWS !== '1') continue; // all of them in a minute
    const whole = await evaluateOn(given, x, labels);
    for (const size of [1, 2, 3]) {
      const ranks = await Promise.all(splitGroups(size).map((group) => evaluateOn(given, x, labels, group)));
      for (const { cost, terms, gradientNorm, gradient } of ranks) {
        const what = `${given.objective}, ${given.hidden}, ${given.activation} on ${size} ranks`;
        assert.ok(Math.abs(cost - whole.cost) <= 1e-12 * Math.abs(whole.cost), `cost of ${what}`);
        for (const [name, value] of Object.entries(whole.terms)) {
          assert.ok(Math.abs(terms[name] - value) <= 1e-12 * Math.abs(whole.cost), `${name} of ${what}`);
        }
        assert.ok(Math.abs(gradientNorm - whole.gradientNorm) <= 1e-12 * whole.gradientNorm, `‖g‖ of ${what}`);
        assert.ok(compareGradients(gradient, whole.gradient).normRelativeError < 1e-12, `gradient of ${what}`);
        assert.equal(gradient, ranks[0].gradient, `every rank holds the same bits: ${what}`);
      }
    }
  }
  assert.ok(rows > 2000);
});

const data = matrix(fillUniform(new Float64Array(23 * 6), { seed: 4, stream: stream.testing }, 0.1, 0.9), 23, 6);
const configs: AutoencoderConfig[] = [
  { inputs: 6, hidden: 5, weightDecay: 1e-3, sparsity: { kind: 'kl', target: 0.1, weight: 0.5 } },
  { inputs: 6, hidden: 5, sparsity: { kind: 'k-sparse', k: 2 }, corruption: { kind: 'masking', fraction: 0.3 } },
  { inputs: 6, hidden: [5, 4], activation: 'tanh', contraction: 0.1, sparsity: { kind: 'l1', weight: 0.01 } },
];
const optimizers: FitOptions[] = [
  { optimizer: { kind: 'adam', learningRate: 1e-2 }, epochs: 3, batchSize: 10 }, // the last batch has 3 rows
  { optimizer: { kind: 'lbfgs', iterations: 5 } },
];

test('fit on 1, 2 and 3 ranks ends at the same θ to rounding, with the same bits in every rank', async () => {
  for (const config of configs) {
    for (const options of optimizers) {
      const run = async (group?: Group) => {
        const model = await Autoencoder.create({ ...config, precision: 'float64' });
        const { cost } = await fit(model, data, { ...options, validation: data, group });
        return { cost, theta: await model.engine.kernels.copyOut(model.engine.theta) };
      };
      const whole = await run();
      for (const size of [1, 2, 3]) {
        const ranks = await Promise.all(splitGroups(size).map(run));
        for (const { cost, theta } of ranks) {
          assert.equal(theta, ranks[0].theta);
          assert.ok(Math.abs(cost - whole.cost) < 1e-9 * Math.abs(whole.cost));
          assert.ok(compareGradients(theta, whole.theta).normRelativeError < 1e-9, JSON.stringify([config, options]));
        }
      }
    }
  }
});

test('fit takes a rank that has no row of the last batch', async () => {
  const run = async (group?: Group) => {
    const model = await Autoencoder.create({ ...configs[0], precision: 'float64' });
    await fit(model, data, { epochs: 2, batchSize: 11, optimizer: { kind: 'sgd', learningRate: 0.1 }, group });
    return model.engine.kernels.copyOut(model.engine.theta);
  };
  const whole = await run();
  for (const theta of await Promise.all(splitGroups(3).map(run))) {
    assert.ok(compareGradients(theta, whole).normRelativeError < 1e-9); // 23 = 11 + 11 + 1
  }
});

test('fitClassifier on 2 ranks ends at the same θ to rounding', async () => {
  const labels = Array.from({ length: 23 }, (_, i) => i % 3);
  const run = async (group?: Group) => {
    const model = await Classifier.create({
      inputs: 6,
      hidden: [5],
      classes: 3,
      weightDecay: 1e-3,
      precision: 'float64',
    });
    await fitClassifier(model, data, labels, { epochs: 3, batchSize: 10, group });
    return model.engine.kernels.copyOut(model.engine.theta);
  };
  const whole = await run();
  for (const theta of await Promise.all(splitGroups(2).map(run))) {
    assert.ok(compareGradients(theta, whole).normRelativeError < 1e-9);
  }
});

test.run();
