import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, toFlat, type View, vector } from '../../src/array/matrix.ts';
import type { CpuKernels } from '../../src/kernels/kernels.ts';
import { autoencoderSpec } from '../../src/model/autoencoder-spec.ts';
import { classifierSpec, parseClassifierConfig } from '../../src/model/classifier-config.ts';
import { type AutoencoderConfig, parseConfig } from '../../src/model/config.ts';
import { createLayout } from '../../src/model/parameters.ts';
import type { NetworkSpec } from '../../src/model/spec.ts';
import { LIMIT } from '../../src/proof/limits.ts';
import { plantedBug } from '../../src/proof/planted-bugs.ts';
import { gradientError, honest, type Plant } from '../support/engines.ts';
import { overNumbers } from '../support/views.ts';

// Bugs of contraction, k-sparse units, denoising and classifiers, planted in the kernels under the real cost.ts, that the
// gradient check must catch. Bugs that are wrong in value and gradient alike are in wrong-objectives.test.ts.

const specOf = (extra: Partial<AutoencoderConfig>) =>
  autoencoderSpec(parseConfig({ inputs: 5, hidden: 4, precision: 'float64', ...extra }));

const CONTRACTIVE = specOf({ contraction: 0.4 });
const K_SPARSE = specOf({ sparsity: { kind: 'k-sparse', k: 2 } });
const K_SPARSE_UNTIED = specOf({ sparsity: { kind: 'k-sparse', k: 2 }, tied: false, activation: 'tanh' });
const denoising = {
  corruption: { kind: 'masking', fraction: 0.4 },
  emphasis: { corrupted: 1, untouched: 0.2 },
} as const;
const DENOISING = specOf(denoising);
const DENOISING_ENTROPY = specOf({ ...denoising, loss: 'cross-entropy' });
const CLASSIFIER = classifierSpec(
  parseClassifierConfig({
    inputs: 5,
    hidden: [4],
    classes: 3,
    weightDecay: 0.1,
    hiddenWeightDecay: 0.1,
    precision: 'float64',
  }),
);
const all = { CONTRACTIVE, K_SPARSE, K_SPARSE_UNTIED, DENOISING, DENOISING_ENTROPY, CLASSIFIER };

test('checkGradientOf passes the models that the bugs are planted in', async () => {
  for (const [name, spec] of Object.entries(all)) {
    const error = await gradientError(spec, honest);
    assert.ok(error <= LIMIT, `${name}: ${error}`);
  }
});

const zerosLike = ({ shape }: View) => matrix(new Float64Array(shape[0] * shape[1]), shape[0], shape[1]);

const unmasked = (k: CpuKernels) =>
  plantedBug('δ passes to units that were dropped').plant(k, { m: 7, layout: createLayout([]) });

/** What the bug is, the model it is planted in, and how. */
const bugs: [string, NetworkSpec, Plant][] = [
  [
    'contraction: summed over examples, then squared',
    CONTRACTIVE,
    (k) => ({
      ...k,
      contraction(dA, pull, results, slot, a, norms, f, kappa, m) {
        k.contraction(dA, pull, k.allocateResults(slot + 1), slot, a, norms, f, kappa, m);
        const [, units] = a.shape;
        const slopes = matrix(toFlat(overNumbers(a)).map((value) => value * (1 - value)) as Float64Array, m, units);
        for (let j = 0; j < units; j++) {
          let sum = 0;
          for (let i = 0; i < m; i++) sum += slopes.get(i, j);
          const root = vector(
            Float64Array.of(sum * Math.sqrt((kappa / m) * overNumbers(norms).data[norms.offset + j])),
          );
          k.dot(results, slot, root, root);
        }
      },
    }),
  ],
  [
    'contraction: multiplied by f′ twice',
    CONTRACTIVE,
    (k) => ({
      ...k,
      contraction(dA, pull, results, slot, a, norms, f, kappa, m) {
        const gained = zerosLike(dA);
        k.contraction(gained, pull, results, slot, a, norms, f, kappa, m);
        k.delta(gained, gained, null, a, f);
        k.axpy(dA, 1, gained);
      },
    }),
  ],
  ['k-sparse, tied: δ not masked', K_SPARSE, unmasked],
  ['k-sparse, untied: δ not masked', K_SPARSE_UNTIED, unmasked],
  ...([false, true] as const).map((first): [string, NetworkSpec, Plant] => [
    `k-sparse, tied: the ${first ? 'decoder' : 'encoder'}’s term missing`,
    K_SPARSE,
    (k) => {
      let calls = 0; // backward goes through the decoder first, then through the encoder
      return {
        ...k,
        addSparseOuter(out, alpha, values, indices, dense, lengths) {
          if ((calls++ % 2 === 0) !== first) k.addSparseOuter(out, alpha, values, indices, dense, lengths);
        },
      };
    },
  ]),
  ...([DENOISING, DENOISING_ENTROPY] as const).map((spec): [string, NetworkSpec, Plant] => [
    `denoising, ${spec.loss}: emphasis forgotten in the gradient`,
    spec,
    (k) => ({
      ...k,
      squaredError(dXHat, results, slot, xHat, x, emphasis, m) {
        k.squaredError(dXHat, results, slot, xHat, x, emphasis, m);
        k.squaredError(dXHat, k.allocateResults(1), 0, xHat, x, null, m);
      },
      crossEntropy(delta, results, slot, z, x, emphasis, m) {
        k.crossEntropy(delta, results, slot, z, x, emphasis, m);
        k.crossEntropy(delta, k.allocateResults(1), 0, z, x, null, m);
      },
    }),
  ]),
  [
    'softmax: label ignored',
    CLASSIFIER,
    (k) => ({
      ...k,
      softmaxCrossEntropy(delta, results, slot, z, y, m) {
        k.softmaxCrossEntropy(delta, results, slot, z, y, m);
        k.axpy(delta, 1, y);
      },
    }),
  ],
  [
    'classifier: the gradient of the decay on the softmax only',
    CLASSIFIER,
    (k) => ({
      ...k,
      weightDecay(dW, results, slot, w, lambda) {
        k.weightDecay(dW, results, slot, w, lambda);
        if (w.shape[0] !== 3) k.fill(dW, 0);
      },
    }),
  ],
];

for (const [name, spec, plant] of bugs) {
  test(`checkGradientOf catches: ${name}`, async () => {
    const error = await gradientError(spec, plant);
    assert.ok(error > 100 * LIMIT, `${name}: ${error} is not clearly above ${LIMIT}`);
  });
}

test.run();
