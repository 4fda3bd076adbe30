import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { findDoubleMachine } from '../../src/kernels/simd/double.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { Classifier } from '../../src/model/classifier.ts';
import type { CreateOptions } from '../../src/model/kernel-options.ts';
import { fit } from '../../src/training/fit.ts';
import { fitClassifier } from '../../src/training/fit-classifier.ts';
import { deserializeModel, serializeModel } from '../../src/training/model-file.ts';
import { assertClose } from '../support/close.ts';

const EXAMPLES = 90;
const INPUTS = 37;
const x = matrix(
  Float64Array.from({ length: EXAMPLES * INPUTS }, (_, i) => ((i * 7919) % 97) / 100),
  EXAMPLES,
  INPUTS,
);

/** θ after a few steps of an autoencoder and of a classifier. */
async function trained(options: CreateOptions): Promise<Float64Array[]> {
  const model = await Autoencoder.create(
    {
      ...{ inputs: INPUTS, hidden: [25, 19], activation: ['sigmoid', 'tanh'], loss: 'cross-entropy', seed: 1 },
      ...{ precision: 'float64', weightDecay: 1e-3, weightL1: 1e-4, sparsity: { kind: 'kl', target: 0.1, weight: 3 } },
    },
    options,
  );
  await fit(model, x, { epochs: 3, batchSize: 40, optimizer: { kind: 'adam', learningRate: 1e-3 } });
  await fit(model, x, { epochs: 2, batchSize: 40, optimizer: { kind: 'sgd', learningRate: 1e-2, momentum: 0.9 } });
  const classifier = await Classifier.create(
    { inputs: INPUTS, hidden: [21], classes: 3, precision: 'float64', weightDecay: 1e-3 },
    options,
  );
  const labels = Array.from({ length: EXAMPLES }, (_, i) => (i * i) % 3);
  await fitClassifier(classifier, x, labels, { stage: 'all', optimizer: { kind: 'lbfgs', iterations: 5 } });
  const thetas = [model, classifier].map(({ engine }) => engine.kernels.copyOut(engine.theta));
  return (await Promise.all(thetas)) as Float64Array[];
}

test('fastFloat64 trains to what the reference kernels do, but for rounding', async () => {
  const [fast, slow] = [await trained({ fastFloat64: true, threads: 1 }), await trained({})];
  for (const [i, theta] of fast.entries()) assertClose(theta, slow[i], { rtol: 1e-9, atol: 1e-9 });
  assert.ok(
    fast.some((theta, i) => theta.some((value, j) => value !== slow[i][j])),
    'these were the reference kernels',
  );
});

test('with fastFloat64 the number of threads changes no bit', async () => {
  for (const deterministic of [false, true]) {
    const one = await trained({ fastFloat64: true, deterministic, threads: 1 });
    const machine = findDoubleMachine();
    if (typeof machine === 'string') throw new Error(machine);
    for (const threads of [2, 3]) {
      machine.startWorkers(threads);
      assert.equal(await trained({ fastFloat64: true, deterministic, threads }), one, `${threads} threads`);
    }
  }
});

test('fastFloat64 says which kernels run, goes into loaded models, and leaves float32 as it is', async () => {
  const config = { inputs: 5, hidden: 3, precision: 'float64' } as const;
  const fast = await Autoencoder.create(config, { fastFloat64: true, threads: 2 });
  assert.match(fast.runtime.kernels, /^simd(-relaxed)?$/);
  assert.is(fast.runtime.threads, 2);
  const plain = await Autoencoder.create(config, { fastFloat64: true, deterministic: true });
  assert.is(plain.runtime.kernels, 'simd');
  assert.is((await Autoencoder.create(config)).runtime.kernels, 'reference');
  const { model } = await deserializeModel(await serializeModel(fast), { fastFloat64: true });
  assert.match(model.runtime.kernels, /^simd/);
  const single = { ...config, precision: 'float32' } as const;
  const [a, b] = [await Autoencoder.create(single), await Autoencoder.create(single, { fastFloat64: true })];
  assert.is(a.runtime.kernels, b.runtime.kernels);
});

test('fastFloat64 that is neither true nor false is refused', async () => {
  try {
    await Autoencoder.create({ inputs: 5, hidden: 3 }, JSON.parse('{ "fastFloat64": "yes" }'));
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), /fastFloat64 is \W?yes\W?: it must be true or false/);
  }
});

test.run();
