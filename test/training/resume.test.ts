import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, type Precision, vector } from '../../src/array/matrix.ts';
import { getMachine } from '../../src/kernels/simd/machine.ts';
import { Classifier } from '../../src/model/classifier.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { fitClassifier, type Stage, stages } from '../../src/training/fit-classifier.ts';
import type { FitOptions } from '../../src/training/options.ts';
import { assertRefused } from '../support/errors.ts';
import { randomView, uniforms } from '../support/views.ts';
import { bitsOf, trained } from './runs.ts';

// 23 examples in batches of 5: five steps an epoch, the last one smaller.
const [m, d] = [23, 6];
const x = (precision: Precision) => {
  const values = uniforms(m * d, 1, 0.1, 0.9);
  return matrix(precision === 'float32' ? Float32Array.from(values) : Float64Array.from(values), m, d);
};
const base = { inputs: d, hidden: 7, seed: 4 } as const;
const models: Record<string, AutoencoderConfig> = {
  kl: { ...base, weightDecay: 1e-3, sparsity: { kind: 'kl', target: 0.1, weight: 1 } },
  'k-sparse, annealed': { ...base, tied: true, sparsity: { kind: 'k-sparse', k: 2, annealFrom: 6, annealOver: 0.8 } },
  denoising: {
    ...base,
    loss: 'cross-entropy',
    corruption: { kind: 'masking', fraction: 0.4 },
    emphasis: { corrupted: 1, untouched: 0.5 },
  },
  deep: {
    ...base,
    hidden: [6, 3],
    activation: 'tanh',
    contraction: 0.1,
    corruption: { kind: 'gaussian', deviation: 0.2 },
  },
};
const schedule = { kind: 'cosine', from: 0.1, to: 0.01, warmup: 3 } as const;
const optimizers: Record<string, FitOptions> = {
  sgd: {
    epochs: 4,
    batchSize: 5,
    optimizer: {
      kind: 'sgd',
      learningRate: schedule,
      momentum: { kind: 'linear', from: 0.5, to: 0.9 },
      nesterov: true,
    },
  },
  adam: { epochs: 4, batchSize: 5, optimizer: { kind: 'adam', learningRate: schedule } },
  lbfgs: { optimizer: { kind: 'lbfgs', iterations: 12, history: 4 } },
};

for (const [kind, config] of Object.entries(models)) {
  for (const [name, options] of Object.entries(optimizers)) {
    test(`a resumed run gives the bits of an uninterrupted one, cut after every step: ${kind}, ${name}`, async () => {
      for (const precision of ['float32', 'float64'] as const) {
        const data = x(precision);
        const whole = { ...config, precision };
        const plan = { ...options, validation: data };
        const expected = await trained(whole, data, plan);
        const kept: Uint8Array[] = [];
        assert.equal(await trained(whole, data, plan, { kept }), expected, 'checkpoints change nothing');
        assert.is(kept.length, expected.result.steps);
        for (const [i, resume] of kept.entries()) {
          assert.equal(await trained(whole, data, { ...plan, resume }), expected, `${precision}, step ${i + 1}`);
        }
      }
    });
  }
}

test('a run that is cut time and again, at every step, ends with the bits of one that was not', async () => {
  for (const [name, options] of Object.entries(optimizers)) {
    const kept: Uint8Array[] = [];
    const expected = await trained(models.kl, x('float32'), options, { kept });
    let resume: Uint8Array | undefined;
    for (let i = 0; i < kept.length; i++) {
      const again: Uint8Array[] = [];
      const ended = await trained(models.kl, x('float32'), { ...options, resume }, { kept: again });
      assert.equal(ended, expected, `${name}, step ${i + 1}`);
      resume = again[0];
    }
  }
});

test('a resumed run gives the same bits on another number of threads', async () => {
  const wide = matrix(Float32Array.from(uniforms(200 * 90, 2, 0.1, 0.9)), 200, 90);
  const config: AutoencoderConfig = { inputs: 90, hidden: 120, sparsity: { kind: 'kl', target: 0.1, weight: 1 } };
  for (const [name, options] of Object.entries({ ...optimizers, sgd: { ...optimizers.sgd, batchSize: 64 } })) {
    getMachine()?.startWorkers(2);
    const kept: Uint8Array[] = [];
    const expected = await trained(config, wide, options, { threads: 2, kept });
    const resume = kept[Math.floor(kept.length / 2)];
    for (const threads of [1, 2]) {
      assert.equal(await trained(config, wide, { ...options, resume }, { threads }), expected, `${name}, ${threads}`);
    }
  }
});

test('L-BFGS that has converged is resumed to the same end', async () => {
  const options: FitOptions = { optimizer: { kind: 'lbfgs', iterations: 1000, tolerance: 1e-3 } };
  const kept: Uint8Array[] = [];
  const expected = await trained(models.kl, x('float64'), options, { kept });
  assert.match(String(expected.result.converged), 'tolerance');
  for (const resume of kept.slice(-2)) {
    assert.equal(await trained(models.kl, x('float64'), { ...options, resume }), expected);
  }
});

test('classifiers are resumed to the same bits, in every stage', async () => {
  const labels = Uint32Array.from({ length: m }, (_, i) => i % 3);
  const corruption = { corruption: { kind: 'masking', fraction: 0.4 }, dropout: 0.3 } as const;
  const run = async (stage: Stage, options: FitOptions, noise: typeof corruption | object = {}) => {
    const classifier = await Classifier.create(
      { inputs: d, hidden: [5, 4], classes: 3, weightDecay: 1e-3, ...noise },
      { threads: 1 },
    );
    const {
      seconds: _,
      resumed: __,
      ...result
    } = await fitClassifier(classifier, x('float32'), labels, {
      stage,
      ...options,
      validation: undefined,
    });
    return { result, bits: await bitsOf(classifier) };
  };
  for (const stage of stages) {
    for (const options of Object.values(optimizers)) {
      const kept: Uint8Array[] = [];
      const checkpoint = { every: 2, save: (bytes: Uint8Array) => void kept.push(bytes) };
      const expected = await run(stage, options);
      assert.equal(await run(stage, { ...options, checkpoint }), expected);
      for (const resume of kept) assert.equal(await run(stage, { ...options, resume }), expected, stage);
      const noisy: Uint8Array[] = [];
      const save = (bytes: Uint8Array) => void noisy.push(bytes);
      const other = await run(stage, { ...options, checkpoint: { every: 2, save } }, corruption);
      for (const resume of noisy) assert.equal(await run(stage, { ...options, resume }, corruption), other, stage);
      assert.is(JSON.stringify(other.bits) === JSON.stringify(expected.bits), stage === 'softmax');
    }
  }
});

test('a softmax on frozen layers resumes on other kernels, and tells so; other examples or layers are refused', async () => {
  const config = { inputs: 6, hidden: [5, 4], classes: 3, seed: 2 };
  const examples = randomView(60, 6, 'rows', 'float32', 3, 0, 1);
  const labels = Array.from({ length: 60 }, (_, i) => i % 3);
  const options = { stage: 'softmax', epochs: 4, batchSize: 10 } as const;
  const kept: Uint8Array[] = [];
  const checkpoint = { every: 1, save: (bytes: Uint8Array) => void kept.push(bytes) };
  const first = await Classifier.create(config);
  const whole = await fitClassifier(first, examples, labels, { ...options, checkpoint });
  // Codes that other kernels compute differ in their last bits.
  const resume = kept[11];
  const other = await Classifier.create(config);
  const { engine } = other;
  const run = engine.propagate.bind(engine);
  let differ = 0;
  Object.assign(engine, {
    propagate: async (...args: Parameters<typeof run>) => {
      const codes = await run(...args);
      for (let i = 0; i < codes.length; i += 7) {
        codes[i] *= 1 + 2 ** -23;
        differ++;
      }
      return codes;
    },
  });
  const result = await fitClassifier(other, examples, labels, { ...options, resume });
  assert.ok(differ > 0);
  assert.is(result.resumed?.step, 12);
  assert.is(result.resumed?.kernels, first.engine.kernels.name);
  assert.ok(Math.abs(result.cost - whole.cost) < 1e-5);

  const changed = { ...examples, data: examples.data.slice() };
  changed.data[17] += 0.25;
  const again = await Classifier.create(config);
  await assertRefused(() => fitClassifier(again, changed, labels, { ...options, resume }), /^the examples differ from/);
  again.setParameters({ 'encoder.0.bias': vector(Float32Array.of(1, 0, 0, 0, 0)) });
  await assertRefused(
    () => fitClassifier(again, examples, labels, { ...options, resume }),
    /^model\.frozenLayers is ".* in the checkpoint/,
  );
});

test.run();
