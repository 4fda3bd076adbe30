import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, toFlat } from '../../src/array/matrix.ts';
import { readSafetensors, type SafeTensor, writeSafetensors } from '../../src/data/formats/safetensors.ts';
import { applyPreprocessing, fitPreprocessing } from '../../src/data/preprocessing/preprocessing.ts';
import {
  Autoencoder,
  Classifier,
  type ClassifierConfig,
  deserializeClassifier,
  deserializeModel,
  serializeClassifier,
  serializeModel,
} from '../../src/index.ts';
import { assertRefused } from '../support/errors.ts';

const x = fromRows([
  [0.1, 0.5, 0.9, 0.3],
  [0.8, 0.2, 0.4, 0.6],
  [0.3, 0.7, 0.2, 0.9],
]);
const configs: ClassifierConfig[] = [
  { inputs: 4, hidden: [], classes: 3 },
  { inputs: 4, hidden: [3], classes: 2, precision: 'float64', seed: 5 },
  {
    inputs: 4,
    hidden: [5, 3],
    classes: 3,
    activation: ['linear', 'tanh'],
    layers: [{ kind: 'k-sparse', k: 1, alpha: 3 }, null],
    weightDecay: 1e-3,
    hiddenWeightDecay: 1e-4,
  },
];

for (const config of configs) {
  test(`serializeClassifier and deserializeClassifier keep every bit and the whole config: ${JSON.stringify(config)}`, async () => {
    const classifier = await Classifier.create(config);
    const bytes = await serializeClassifier(classifier);
    const { classifier: loaded, preprocessing } = await deserializeClassifier(bytes);
    assert.equal(loaded.config, classifier.config);
    assert.equal(preprocessing, []);
    assert.equal(Object.keys(await loaded.parameters()), Object.keys(await classifier.parameters()));
    for (const [name, value] of Object.entries(await classifier.parameters())) {
      assert.equal(toFlat((await loaded.parameters())[name]), toFlat(value), name);
    }
    assert.equal((await loaded.probabilities(x)).data, (await classifier.probabilities(x)).data);
    assert.equal(await serializeClassifier(loaded), bytes, 'the same classifier gives the same bytes');
  });
}

test('serializeClassifier carries fitted preprocessing and metadata', async () => {
  const step = fitPreprocessing({ kind: 'standardize' }, x);
  const classifier = await Classifier.create(configs[0]);
  const bytes = await serializeClassifier(classifier, { preprocessing: [step], metadata: { run: 'anything' } });
  const { preprocessing, metadata } = await deserializeClassifier(bytes);
  assert.is(metadata.run, 'anything');
  assert.equal(applyPreprocessing(preprocessing, x).data, applyPreprocessing([step], x).data);
});

test('deserializeClassifier refuses an autoencoder, and deserializeModel a classifier', async () => {
  const model = await serializeModel(await Autoencoder.create({ inputs: 4, hidden: 3 }));
  await assertRefused(() => deserializeClassifier(model), /it holds "autoencoder", and "classifier" is needed/);
  const classifier = await serializeClassifier(await Classifier.create(configs[1]));
  await assertRefused(() => deserializeModel(classifier), /it holds "classifier", and "autoencoder" is needed/);
});

/** The file of a classifier with its tensors or metadata changed. */
async function tampered(change: (tensors: Map<string, SafeTensor>, metadata: Record<string, string>) => void) {
  const { tensors, metadata } = readSafetensors(await serializeClassifier(await Classifier.create(configs[2])));
  change(tensors, metadata);
  return writeSafetensors(tensors, metadata);
}

test('a classifier whose file says kSparse for layers, as earlier ones do, is read', async () => {
  const bytes = await tampered((_, metadata) => {
    const { layers, ...others } = JSON.parse(metadata.config);
    metadata.config = JSON.stringify({ ...others, kSparse: layers });
  });
  const { classifier } = await deserializeClassifier(bytes);
  assert.equal(classifier.config, (await Classifier.create(configs[2])).config);
});

const damages: [string, Parameters<typeof tampered>[0], RegExp][] = [
  ['a missing tensor', (t) => void t.delete('softmax.bias'), /tensor "softmax\.bias" is missing/],
  [
    'more classes than its config says',
    (t) => void t.set('softmax.bias', { dtype: 'F32', shape: [4], data: new Float32Array(4) }),
    /"softmax\.bias" has shape \(4\): its config asks for \(3\)/,
  ],
  [
    'a value that is not finite',
    (t) => void t.set('softmax.bias', { dtype: 'F32', shape: [3], data: Float32Array.of(0, Number.NaN, 0) }),
    /"softmax\.bias" holds NaN at index 1/,
  ],
  [
    'an unknown tensor',
    (t) => void t.set('decoder.bias', { dtype: 'F32', shape: [1], data: new Float32Array(1) }),
    /"decoder\.bias" is not part of the model/,
  ],
  ['no kind', (_, m) => void delete m.kind, /it holds undefined, and "classifier" is needed/],
  ['a config that is no JSON', (_, m) => void Object.assign(m, { config: '{' }), /config is not JSON/],
  [
    'a config that is not allowed',
    (_, m) => void Object.assign(m, { config: '{"inputs":4,"hidden":[],"classes":1}' }),
    /config\.classes is 1/,
  ],
];

for (const [name, change, message] of damages) {
  test(`deserializeClassifier refuses ${name} in one line`, async () => {
    const bytes = await tampered(change);
    await assertRefused(() => deserializeClassifier(bytes), message);
  });
}

test('deserializeClassifier refuses a file that is cut anywhere', async () => {
  const bytes = await serializeClassifier(await Classifier.create(configs[0]));
  for (let length = 0; length < bytes.length; length += 7) {
    await assertRefused(() => deserializeClassifier(bytes.subarray(0, length)), /./);
  }
});

test.run();
