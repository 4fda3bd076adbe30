import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Matrix, matrix, toFlat, type View } from '../../src/array/matrix.ts';
import { corrupt } from '../../src/corruption/corrupt.ts';
import { autoencoderSpec } from '../../src/model/autoencoder-spec.ts';
import { classifierSpec, parseClassifierConfig } from '../../src/model/classifier-config.ts';
import { parseConfig } from '../../src/model/config.ts';
import { firstRows } from '../../src/model/engine.ts';
import type { NetworkSpec } from '../../src/model/spec.ts';
import { LIMIT } from '../../src/proof/limits.ts';
import { assertClose } from '../support/close.ts';
import { gradientError, honest, labelsInTurn, type Plant, randomEngine } from '../support/engines.ts';
import { type Rows, rowsOf } from '../support/naive-model.ts';
import { naiveNetwork } from '../support/naive-network.ts';
import { overNumbers } from '../support/views.ts';

// Bugs that make another objective, with the right gradient of it: the gradient check passes them, by design, and only a
// value worked out apart catches them. Each case: the honest cost equals the naive one, the planted one does not.

const base = { inputs: 5, hidden: 4, precision: 'float64' } as const;
const K_SPARSE = autoencoderSpec(parseConfig({ ...base, sparsity: { kind: 'k-sparse', k: 2 } }));
const corruption = { kind: 'masking', fraction: 0.4 } as const;
const DENOISING = autoencoderSpec(parseConfig({ ...base, corruption, seed: 3 }));
const CLASSIFIER = classifierSpec(
  parseClassifierConfig({ ...base, hidden: [4], classes: 3, weightDecay: 0.1, hiddenWeightDecay: 0.3 }),
);

/** x̃ of epoch 0, straight from `corrupt`. */
function corrupted(x: Matrix): Rows {
  const out = new Float64Array(x.size);
  const clean = toFlat(x);
  corrupt(corruption, out, null, clean, firstRows(x.shape[0]), 5, { seed: 3, epoch: 0 });
  return rowsOf(matrix(out, x.shape[0], 5));
}

/** The cost that the naive model gives at the random point. */
function naiveCost(spec: NetworkSpec): number {
  const { x, parameters } = randomEngine(spec);
  const rows = rowsOf(x);
  if (spec === K_SPARSE) return naiveNetwork(spec, parameters, rows, rows).cost;
  if (spec === DENOISING) return naiveNetwork(spec, parameters, corrupted(x), rows).cost;
  const squares = (name: string) => [...toFlat(parameters[name])].reduce((sum, w) => sum + w * w, 0);
  const decay = 0.05 * squares('softmax.weight') + 0.15 * squares('encoder.0.weight');
  return naiveNetwork(spec, parameters, rows, rowsOf(labelsInTurn(7, 3))).cost + decay;
}

async function engineCost(spec: NetworkSpec, plant: Plant): Promise<number> {
  const { engine, x } = randomEngine(spec, 7, plant);
  const labels = spec.dataTerm === 'classification' ? labelsInTurn(7, 3) : undefined;
  return (await engine.costAndGradient(x, labels)).cost;
}

/** What the bug is, the model it is planted in, and how. */
const bugs: [string, NetworkSpec, Plant][] = [
  [
    'k-sparse: |z| selects, not the signed z',
    K_SPARSE,
    (k) => ({
      ...k,
      selectLargest(values, indices, a) {
        const [m, units] = a.shape;
        const sizes = matrix(toFlat(overNumbers(a)).map(Math.abs) as Float64Array, m, units);
        const scratch = matrix(new Float64Array(values.shape[0] * values.shape[1]), values.shape[0], values.shape[1]);
        k.selectLargest(scratch, indices, sizes);
        k.gatherColumns(values, a, indices);
      },
    }),
  ],
  [
    'denoising: the loss compares with the corrupted input',
    DENOISING,
    (k) => {
      let seen: View | null = null;
      return {
        ...k,
        write(out, values) {
          if (out.shape.length === 2 && out.shape[0] === 7) seen ??= out;
          k.write(out, values);
        },
        squaredError: (dXHat, results, slot, xHat, x, emphasis, m) =>
          k.squaredError(dXHat, results, slot, xHat, seen ?? x, emphasis, m),
      };
    },
  ],
  [
    'denoising: the encoder sees the clean input',
    DENOISING,
    (k) => {
      let first: View | null = null;
      return {
        ...k,
        write(out, values) {
          if (out.shape.length === 2 && out.shape[0] === 7) {
            first ??= out;
            if (out !== first) k.write(first, values); // the target is written after the input
          }
          k.write(out, values);
        },
      };
    },
  ],
  [
    'classifier: the hidden weights’ decay on the softmax only',
    CLASSIFIER,
    (k) => ({
      ...k,
      weightDecay(dW, results, slot, w, lambda) {
        if (w.shape[0] === 3) k.weightDecay(dW, results, slot, w, lambda);
        else k.fill(dW, 0);
      },
    }),
  ],
  [
    'classifier: hidden weights decay by the λ of the softmax',
    CLASSIFIER,
    (k) => ({ ...k, weightDecay: (dW, results, slot, w) => k.weightDecay(dW, results, slot, w, 0.1) }),
  ],
];

test('costAndGradient equals the naive cost of the models that the bugs are planted in', async () => {
  for (const spec of [K_SPARSE, DENOISING, CLASSIFIER]) {
    assertClose([await engineCost(spec, honest)], [naiveCost(spec)], { rtol: 1e-13 });
  }
});

for (const [name, spec, plant] of bugs) {
  test(`costAndGradient has a worked value that catches: ${name}`, async () => {
    const [planted, naive] = [await engineCost(spec, plant), naiveCost(spec)];
    assert.ok(Math.abs(planted - naive) > 1e-3 * naive, `${name}: ${planted} against ${naive}`);
  });
}

test('checkGradientOf alone cannot catch another objective: |z| for signed z passes it', async () => {
  assert.ok((await gradientError(bugs[0][1], bugs[0][2])) <= LIMIT);
});

test.run();
