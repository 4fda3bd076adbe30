import { createHash } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { fit } from '../../src/training/fit.ts';
import type { FitOptions } from '../../src/training/options.ts';

// Known answers: the same on every machine, in every engine, on any number of threads. Node 20, 22 and 24 gave them alike.
// A change of the arithmetic changes them, and must say so.

const x = matrix(
  Float32Array.from({ length: 120 * 30 }, (_, i) => ((i * 7919) % 97) / 100),
  120,
  30,
);
const base = { inputs: 30, hidden: 25, seed: 1 } as const;
const sgd: FitOptions = { epochs: 3, batchSize: 40, optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9 } };
const runs: readonly (readonly [name: string, config: AutoencoderConfig, options: FitOptions, theta: string])[] = [
  [
    'KL, SGD',
    { ...base, weightDecay: 1e-3, sparsity: { kind: 'kl', target: 0.1, weight: 3 } },
    sgd,
    'a6e36b5eb339b19d',
  ],
  [
    'k-sparse, Adam',
    { ...base, activation: 'linear', output: 'linear', tied: true, sparsity: { kind: 'k-sparse', k: 4 } },
    { ...sgd, optimizer: { kind: 'adam', learningRate: 1e-3 } },
    '9491d9610df9f498',
  ],
  [
    'contractive, denoising, tanh, L-BFGS',
    { ...base, activation: 'tanh', contraction: 0.1, corruption: { kind: 'gaussian', deviation: 0.1 } },
    { optimizer: { kind: 'lbfgs', iterations: 10 } },
    'cf2fce2e4de4ae3c',
  ],
];

for (const [name, config, options, expected] of runs) {
  test(`deterministic models have known bits: ${name}`, async () => {
    for (const threads of [1, 2]) {
      const model = await Autoencoder.create(config, { deterministic: true, threads });
      await fit(model, x, options);
      const theta = await model.engine.kernels.copyOut(model.engine.theta);
      assert.is(createHash('sha256').update(theta).digest('hex').slice(0, 16), expected);
      model.dispose();
    }
  });
}

test('float64 runs, on the reference kernels, have known bits', async () => {
  const model = await Autoencoder.create({ ...runs[0][1], precision: 'float64' });
  await fit(model, x, sgd);
  const theta = await model.engine.kernels.copyOut(model.engine.theta);
  assert.is(createHash('sha256').update(theta).digest('hex').slice(0, 16), 'efa75b6410724f84');
});

test.run();
