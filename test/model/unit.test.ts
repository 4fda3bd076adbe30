import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { asValues, matrix, rowRange, toFlat, transposed } from '../../src/array/matrix.ts';
import { inspect } from '../../src/measures/inspection.ts';
import { measure } from '../../src/measures/metrics.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { Classifier } from '../../src/model/classifier.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { checkGradient } from '../../src/proof/gradient-check.ts';
import { fit } from '../../src/training/fit.ts';
import { fitClassifier } from '../../src/training/fit-classifier.ts';
import { assertRefused } from '../support/errors.ts';
import { precisions } from '../support/views.ts';

const [M, D] = [1100, 5]; // more than a chunk
const raw = matrix(
  Uint8Array.from({ length: M * D }, (_, i) => (i * 37) % 256),
  M,
  D,
);
const bytes = { ...raw, unit: 255 };
const labels = Array.from({ length: M }, (_, i) => i % 3);

const configs: Record<string, Partial<AutoencoderConfig>> = {
  plain: {},
  'k-sparse': { sparsity: { kind: 'k-sparse', k: 2 } },
  denoising: { corruption: { kind: 'masking', fraction: 0.4 }, emphasis: { corrupted: 1, untouched: 0.5 } },
  'cross-entropy': { loss: 'cross-entropy' },
};

/** What a model does with examples, all of it. */
async function everything(config: AutoencoderConfig, x: typeof bytes | ReturnType<typeof asValues>) {
  const model = await Autoencoder.create(config);
  const { seconds: _, ...fitted } = await fit(model, x, { epochs: 2, batchSize: 64, validation: rowRange(x, 7, 50) });
  const flat = async (result: Promise<ReturnType<typeof matrix>>) => toFlat(await result);
  return {
    fitted,
    parameters: Object.values(await model.parameters()).map((view) => toFlat(view)),
    evaluation: await model.costAndGradient(x),
    codes: await flat(model.encode(x)),
    made: await flat(model.reconstruct(x)),
    metrics: await measure(model, x),
    inspection: await inspect(model, x),
  };
}

for (const [name, config] of Object.entries(configs)) {
  test(`bytes with the unit 255 give the bits of the floats x/255: ${name}`, async () => {
    for (const precision of precisions) {
      const full: AutoencoderConfig = { inputs: D, hidden: 7, seed: 3, precision, ...config };
      assert.equal(await everything(full, bytes), await everything(full, asValues(bytes, precision)));
    }
  });
}

test('bytes with a unit give the bits of the floats: L-BFGS, the gradient check, and classifiers', async () => {
  const floats = asValues(bytes, 'float64');
  const results = await Promise.all(
    [bytes, floats].map(async (x) => {
      const model = await Autoencoder.create({ inputs: D, hidden: 2, precision: 'float64' });
      const { cost } = await fit(model, x, { optimizer: { kind: 'lbfgs', iterations: 3 } });
      const check = await checkGradient(model, rowRange(x, 0, 5));
      const classifier = await Classifier.create({ inputs: D, hidden: [4], classes: 3, precision: 'float64' });
      const held = { x: rowRange(x, 0, 9), labels: labels.slice(0, 9) };
      const options = { epochs: 1, validation: held };
      const { history } = await fitClassifier(classifier, x, labels, options);
      await fitClassifier(classifier, x, labels, { ...options, stage: 'softmax' });
      return [cost, check, history, toFlat(await classifier.probabilities(x)), await classifier.accuracy(x, labels)];
    }),
  );
  assert.equal(results[0], results[1]);
});

test('a unit holds for every layout and type', async () => {
  const model = await Autoencoder.create({ inputs: D, hidden: 3 });
  const floats = toFlat(await model.encode(asValues(bytes, 'float32')));
  const turned = transposed(matrix(toFlat(transposed(raw)), D, M));
  for (const x of [turned, raw.step(-1, 1).step(-1, 1), matrix(Float64Array.from(raw.data), M, D)]) {
    assert.equal(toFlat(await model.encode({ ...x, unit: 255 })), floats);
  }
  const wide = matrix(
    Uint16Array.from(raw.data, (byte) => 257 * byte),
    M,
    D,
  );
  assert.equal(toFlat(await model.encode({ ...wide, unit: 65535 })), floats);
});

test('a unit that is not a finite number above 0 is refused', async () => {
  const model = await Autoencoder.create({ inputs: D, hidden: 3 });
  for (const unit of [0, -255, Number.NaN, Number.POSITIVE_INFINITY, '255' as unknown as number]) {
    await assertRefused(() => model.encode({ ...raw, unit }), /^x\.unit is .*: it must be a finite number above 0/);
  }
});

test('cross-entropy asks for values in [0, 1], not elements, and quotes the value', async () => {
  const model = await Autoencoder.create({ inputs: 2, hidden: 3, loss: 'cross-entropy' });
  const x = matrix(Uint8Array.of(0, 255, 100, 51), 2, 2);
  await model.costAndGradient({ ...x, unit: 255 });
  const tail = 'cross-entropy, and sigmoid outputs for bytes, need values in [0, 1]; rescale the data';
  await assertRefused(
    () => model.costAndGradient(x),
    `x is 255 in row 0, column 1: ${tail} (bytes: { ...x, unit: 255 }) or use loss "squared-error" and a linear output`,
  );
  await assertRefused(
    () => model.costAndGradient({ ...x, unit: 100 }),
    `x is 2.55 in row 0, column 1: ${tail} or use loss "squared-error" and a linear output`,
  );
  const signed = matrix(Int8Array.of(0, 0, -1, 0), 2, 2);
  await assertRefused(() => model.costAndGradient({ ...signed, unit: 2 }), /^x is -0\.5 in row 1, column 0: /);
  await model.costAndGradient({ ...matrix(Uint8Array.of(1, 0, 0, 1), 2, 2), unit: 1 });
});

test('bytes without a unit are refused where outputs are sigmoid, unless they are 0 and 1', async () => {
  const bytes = matrix(Uint8Array.of(0, 1, 1, 200), 2, 2);
  const model = await Autoencoder.create({ inputs: 2, hidden: 3 });
  const message = /^x is 200 in row 1, column 1: .*\(bytes: \{ \.\.\.x, unit: 255 \}\)/;
  for (const call of [
    () => fit(model, bytes, { epochs: 1 }),
    () => model.costAndGradient(bytes),
    () => model.encode(bytes),
    () => model.reconstruct(matrix(Uint8ClampedArray.of(0, 1, 1, 200), 2, 2)),
    () => measure(model, bytes),
  ]) {
    await assertRefused(call, message);
  }
  await model.encode({ ...bytes, unit: 255 });
  await model.encode({ ...bytes, unit: 1 });
  await model.encode(matrix(Uint8Array.of(0, 1, 1, 0), 2, 2));
  const linear = await Autoencoder.create({ inputs: 2, hidden: 3, output: 'linear' });
  await linear.encode(bytes);
});

test('integers are checked for what their unit makes infinite, and for the reach of their view', async () => {
  const model = await Autoencoder.create({ inputs: 2, hidden: 3, output: 'linear' });
  const x = matrix(Uint8Array.of(0, 0, 0, 200), 2, 2);
  await assertRefused(() => model.encode({ ...x, unit: 1e-38 }), /^x is 2e\+40 in row 1, column 1: .* finite float32/);
  assert.ok(toFlat(await model.encode(x)).every(Number.isFinite));
  for (const beyond of [
    { ...x, shape: [3, 2] },
    { ...x, offset: 1 },
    { ...x, stride: [-2, 1] },
    { ...x, stride: [2, Number.NaN] },
  ]) {
    await assertRefused(() => model.encode(beyond), /^x has shape .* over 4 numbers: it must lie within them/);
  }
});

test.run();
