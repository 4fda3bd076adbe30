import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, matrixView, vector } from '../../src/array/matrix.ts';
import { fillUniform, stream } from '../../src/array/random.ts';
import { createKernels } from '../../src/kernels/create.ts';
import type { Kernels } from '../../src/kernels/kernels.ts';
import { autoencoderSpec } from '../../src/model/autoencoder-spec.ts';
import { type AutoencoderConfig, parseConfig } from '../../src/model/config.ts';
import { Engine } from '../../src/model/engine.ts';
import { createLayout } from '../../src/model/parameters.ts';
import { checkGradientOf } from '../../src/proof/gradient-check.ts';
import { LIMIT } from '../../src/proof/gradient-suite.ts';

// The gradient check must catch what people get wrong by hand. Each bug is planted in the kernels under the real
// cost.ts, at a point where every term is alive; the same check without the bug passes.

const config = (extra: Partial<AutoencoderConfig>): AutoencoderConfig => ({
  inputs: 5,
  hidden: 4,
  weightDecay: 1e-4, // UFLDL's: a forgotten λW then moves the whole gradient by about 1e-5 of itself
  sparsity: { kind: 'kl', target: 0.2, weight: 3 },
  precision: 'float64',
  ...extra,
});

async function errorOf(given: AutoencoderConfig, plant: (k: Kernels) => Kernels): Promise<number> {
  const full = parseConfig(given);
  const spec = autoencoderSpec(full);
  const { length } = createLayout(spec.parameters);
  const numbers = fillUniform(new Float64Array(length + 7 * 5), { seed: 5, stream: stream.testing }, 0.1, 0.9);
  const theta = numbers.slice(0, length).map((u) => 2 * u - 1); // biases are not 0 either
  const engine = new Engine(plant(createKernels('float64')), spec, theta);
  const x = matrix(numbers.slice(length), 7, 5);
  const check = await checkGradientOf((t) => {
    engine.kernels.write(engine.theta, t);
    return engine.costAndGradient(x);
  }, theta);
  return check.normRelativeError;
}

const honest = (k: Kernels) => k;
const KL = config({});
const TIED = config({ tied: true });

test('checkGradientOf passes the models that the bugs are planted in', async () => {
  for (const given of [KL, TIED]) assert.ok((await errorOf(given, honest)) <= LIMIT);
});

/** What the bug is, the model it is planted in, and how. */
const bugs: [string, AutoencoderConfig, (k: Kernels) => Kernels][] = [
  ['KL term missing', KL, (k) => ({ ...k, delta: (out, up, _push, a, f) => k.delta(out, up, null, a, f) })],
  [
    'KL term outside f′',
    KL,
    (k) => ({
      ...k,
      delta(out, up, push, a, f) {
        k.delta(out, up, null, a, f);
        if (push === null) return;
        const ones = vector(new Float64Array(a.shape[0]).fill(1));
        const column = matrix(ones.data, a.shape[0], 1);
        k.gemm(out, column, matrixView(push.data, 1, a.shape[1], push.offset), 1, 1);
      },
    }),
  ],
  [
    'KL term divided by m',
    KL,
    (k) => ({
      ...k,
      klSparsity(push, results, slot, rhoHat, kl) {
        k.klSparsity(push, results, slot, rhoHat, kl);
        k.scale(push, 1 / 7);
      },
    }),
  ],
  [
    'KL term with the wrong sign',
    KL,
    (k) => ({
      ...k,
      klSparsity(push, results, slot, rhoHat, kl) {
        k.klSparsity(push, results, slot, rhoHat, kl);
        k.scale(push, -1);
      },
    }),
  ],
  [
    'weight decay missing',
    KL,
    (k) => ({
      ...k,
      weightDecay(dW, results, slot, w, lambda) {
        k.weightDecay(dW, results, slot, w, lambda);
        k.fill(dW, 0);
      },
    }),
  ],
  [
    'weight decay doubled',
    KL,
    (k) => ({
      ...k,
      weightDecay(dW, results, slot, w, lambda) {
        k.weightDecay(dW, results, slot, w, lambda);
        k.axpy(dW, lambda, w);
      },
    }),
  ],
  [
    'weight decay on biases',
    KL,
    // θ and its gradient share a layout: a bias lies in θ where its gradient lies in the gradient.
    (k) => {
      let theta = k.allocate(0);
      let decay = 0;
      return {
        ...k,
        weightDecay(dW, results, slot, w, lambda) {
          [theta, decay] = [w.data, lambda];
          k.weightDecay(dW, results, slot, w, lambda);
        },
        addColumnSums(out, a, alpha) {
          k.addColumnSums(out, a, alpha);
          if (theta.length >= out.data.length)
            k.axpy(out, decay, { data: theta, shape: out.shape, stride: out.stride, offset: out.offset });
        },
      };
    },
  ],
  [
    "tied weights: the decoder's term missing",
    TIED,
    // The decoder's ∇D is (h, d) row-major, the encoder's ∇Wᵀ the transposed view of the same storage.
    (k) => ({
      ...k,
      gemm: (out, a, b, alpha, beta) => {
        if (!(beta === 1 && alpha !== 1 && out.shape[0] === 4)) k.gemm(out, a, b, alpha, beta);
      },
    }),
  ],
  [
    "tied weights: the encoder's term missing",
    TIED,
    (k) => ({
      ...k,
      gemm: (out, a, b, alpha, beta) => {
        if (!(beta === 1 && alpha !== 1 && out.shape[0] === 5)) k.gemm(out, a, b, alpha, beta);
      },
    }),
  ],
  [
    'bias gradient summed, not averaged',
    KL,
    (k) => ({ ...k, addColumnSums: (out, a, alpha) => k.addColumnSums(out, a, out.shape[0] === 5 ? 1 : alpha) }),
  ],
];

for (const [name, given, plant] of bugs) {
  test(`checkGradientOf catches: ${name}`, async () => {
    const error = await errorOf(given, plant);
    assert.ok(error > 100 * LIMIT, `${name}: ${error} is not clearly above ${LIMIT}`);
  });
}

test.run();
