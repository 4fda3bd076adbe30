import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, type Precision } from '../../src/array/matrix.ts';
import { squaredErrors, squaredErrorsByColumn } from '../../src/data/squared-errors.ts';
import { inspect } from '../../src/measures/inspection.ts';
import { measure } from '../../src/measures/metrics.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { Classifier } from '../../src/model/classifier.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { checkGradient, compareGradients } from '../../src/proof/gradient-check.ts';
import { fit } from '../../src/training/fit.ts';
import { fitClassifier } from '../../src/training/fit-classifier.ts';
import type { FitOptions } from '../../src/training/options.ts';
import { parseRun } from '../../src/training/run.ts';
import { assertRefused } from '../support/errors.ts';

// No public function gives a number that is not finite without an error.

const examples = (size: number) =>
  matrix(
    Float64Array.from({ length: 60 }, (_, i) => size * Math.sin(i)),
    20,
    3,
  );
const labels = Array.from({ length: 20 }, (_, i) => i % 2);

/** The first number within that is not finite, with where it lies; null where all are. */
function notFinite(value: unknown, where = ''): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : `${where} = ${value}`;
  if (ArrayBuffer.isView(value)) return notFinite(Array.from(value as Float64Array), where);
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, own] of Object.entries(value)) {
    const found = notFinite(own, `${where}.${key}`);
    if (found !== null) return found;
  }
  return null;
}

const sizes: Record<Precision, readonly number[]> = {
  float32: [1, 1e15, 1e19, 1e25, 1e30, 3e38],
  float64: [1, 1e100, 1e153, 1e160, 1e300],
};

for (const precision of ['float32', 'float64'] as const) {
  test(`${precision}: whatever is computed is finite, or an error says that it overflows`, async () => {
    let errors = 0;
    for (const size of sizes[precision]) {
      for (const activation of ['sigmoid', 'linear', 'softplus'] as const) {
        const x = examples(size);
        const config: AutoencoderConfig = { inputs: 3, hidden: 2, activation, output: 'linear', precision };
        const model = await Autoencoder.create({ ...config, contraction: 0.1, weightDecay: 0.1 });
        const classifier = await Classifier.create({ inputs: 3, hidden: [2], activation, classes: 2, precision });
        const calls: Record<string, () => Promise<unknown>> = {
          costAndGradient: () => model.costAndGradient(x),
          encode: () => model.encode(x),
          decode: () => model.decode({ ...x, shape: [20, 2] }),
          reconstruct: () => model.reconstruct(x),
          checkGradient: () => checkGradient(model, x),
          inspect: () => inspect(model, x),
          measure: () => measure(model, x),
          squaredErrors: async () => squaredErrors(x, await model.reconstruct(x)),
          'classifier.costAndGradient': () => classifier.costAndGradient(x, labels),
          probabilities: () => classifier.probabilities(x),
          fit: () => fit(model, x, { epochs: 1 }),
          validation: () => fit(model, examples(1), { epochs: 1, validation: x }),
          fitClassifier: () => fitClassifier(classifier, x, labels, { epochs: 1 }),
        };
        for (const [name, call] of Object.entries(calls)) {
          try {
            const found = notFinite(await call());
            assert.is(found, null, `${name} of ${activation} units, examples of ${size}: ${found}`);
          } catch (error) {
            const { name: kind, message } = error as Error;
            if (kind === 'Assertion') throw error;
            assert.match(`${kind}: ${message}`, /^(InputError|TrainingError): .*(overflow|not? |term is|must)/);
            assert.ok(size > 1, message);
            errors++;
          }
        }
      }
    }
    assert.ok(errors > 20, `${errors}`);
  });
}

test('the derivative that overflows is named beside a finite cost', async () => {
  const model = await Autoencoder.create({ inputs: 3, hidden: 2, activation: 'linear', output: 'linear' });
  await assertRefused(
    () => model.costAndGradient(examples(1e30)),
    /^the derivative by encoder\.weight is (NaN|-?Infinity): values overflow float32; scale the data down, or use float64$/,
  );
});

test('squared errors refuse what gives no number, by the example', async () => {
  const x = matrix(Float64Array.of(1, 2, 3, Number.NaN), 2, 2);
  await assertRefused(() => squaredErrors(x, x), /^the squared error of example 1 is NaN/);
  await assertRefused(() => squaredErrorsByColumn(x, x, [1]), /^the squared error of example 1 is NaN in column 1/);
  const far = matrix(Float64Array.of(1e200, 0), 1, 2);
  await assertRefused(() => squaredErrors(far, matrix(new Float64Array(2), 1, 2)), /example 0 is Infinity/);
});

test('compareGradients holds for gradients of any size', () => {
  for (const size of [1, 1e100, 1e160, 1e307]) {
    const { normRelativeError } = compareGradients([3 * size, 4 * size], [3 * size, 5 * size]);
    assert.ok(Math.abs(normRelativeError - 1 / Math.sqrt(117)) < 1e-15, `${size}: ${normRelativeError}`);
  }
});

test('numbers of a config that the precision cannot hold are refused by their key, and float64 takes them', async () => {
  const base: AutoencoderConfig = { inputs: 3, hidden: 2 };
  const configs: Record<string, Partial<AutoencoderConfig>> = {
    'config.weightDecay': { weightDecay: 1e39 },
    'config.weightL1': { weightL1: 1e39 },
    'config.sparsity.weight': { sparsity: { kind: 'kl', target: 0.1, weight: 1e39 } },
    'config.sparsity.0.weight': { sparsity: [{ kind: 'l1', weight: 1e39 }] },
    'config.contraction.weight': { contraction: 1e39 },
    'config.corruption.deviation': { corruption: { kind: 'gaussian', deviation: 1e39 } },
    'config.initialization.deviation': { initialization: { kind: 'normal', deviation: 1e38 } },
    'config.emphasis.corrupted': {
      corruption: { kind: 'masking', fraction: 0.5 },
      emphasis: { corrupted: 1e39, untouched: 1 },
    },
  };
  for (const [key, config] of Object.entries(configs)) {
    const message = `${key} is ${key.includes('initial') ? 1e38 : 1e39}: float32 cannot hold it, or what it is multiplied by`;
    await assertRefused(() => Autoencoder.create({ ...base, ...config }), message);
    await Autoencoder.create({ ...base, ...config, precision: 'float64' });
  }
  const classifier = { inputs: 3, hidden: [], classes: 2 };
  await assertRefused(() => Classifier.create({ ...classifier, weightDecay: 1e39 }), /^config\.weightDecay is 1e\+39/);
  const optimizers: Record<string, FitOptions['optimizer']> = {
    learningRate: { kind: 'adam', learningRate: 1e39 },
    'learningRate.to': { kind: 'sgd', learningRate: { kind: 'linear', from: 1, to: 1e39 } },
    epsilon: { kind: 'adam', learningRate: 1e-3, epsilon: 1e39 },
  };
  const model = await Autoencoder.create(base);
  const softmax = await Classifier.create(classifier);
  for (const [key, optimizer] of Object.entries(optimizers)) {
    const message = `options.optimizer.${key} is 1e+39: float32 cannot hold it, or what it is multiplied by`;
    await assertRefused(() => fit(model, examples(1), { optimizer }), message);
    await assertRefused(() => fitClassifier(softmax, examples(1), labels, { optimizer }), message);
    const run = { source: 'mnist', data: {}, model: { hidden: 2 }, fit: { optimizer } };
    await assertRefused(() => parseRun(run), message);
    parseRun({ ...run, model: { hidden: 2, precision: 'float64' } });
  }
});

test.run();
