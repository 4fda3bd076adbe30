import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, toFlat } from '../../src/array/matrix.ts';
import { readSafetensors, type SafeTensor, writeSafetensors } from '../../src/data/formats/safetensors.ts';
import { applyPreprocessing, fitPreprocessing } from '../../src/data/preprocessing/preprocessing.ts';
import {
  Autoencoder,
  type AutoencoderConfig,
  Classifier,
  deserializeClassifier,
  deserializeModel,
  fit,
  serializeClassifier,
  serializeModel,
} from '../../src/index.ts';
import { assertRefused } from '../support/errors.ts';

const configs: AutoencoderConfig[] = [
  { inputs: 4, hidden: 3 },
  { inputs: 4, hidden: 3, tied: true, precision: 'float64' },
  { inputs: 4, hidden: [3, 2], sparsity: { kind: 'kl', target: 0.1, weight: 3, layer: 0 }, weightDecay: 1e-3, seed: 9 },
];
const x = fromRows([
  [0.1, 0.5, 0.9, 0.3],
  [0.8, 0.2, 0.4, 0.6],
  [0.3, 0.7, 0.2, 0.9],
]);

for (const config of configs) {
  test(`serializeModel and deserializeModel keep every bit and the whole config: ${JSON.stringify(config)}`, async () => {
    const model = await Autoencoder.create(config);
    const bytes = await serializeModel(model);
    const { model: loaded } = await deserializeModel(bytes);
    assert.equal(loaded.config, model.config);
    assert.equal(Object.keys(await loaded.parameters()), Object.keys(await model.parameters()));
    for (const [name, value] of Object.entries(await model.parameters())) {
      assert.equal(toFlat((await loaded.parameters())[name]), toFlat(value), name);
    }
    assert.equal((await loaded.encode(x)).data, (await model.encode(x)).data);
    assert.equal(await serializeModel(loaded), bytes, 'the same model gives the same bytes');
  });
}

test('serializeModel carries fitted preprocessing and metadata', async () => {
  const step = fitPreprocessing({ kind: 'zca', epsilon: 0.1 }, x);
  const bytes = await serializeModel(await Autoencoder.create(configs[0]), {
    preprocessing: [step],
    metadata: { run: 'anything' },
  });
  const { preprocessing, metadata } = await deserializeModel(bytes);
  assert.is(metadata.run, 'anything');
  assert.equal(applyPreprocessing(preprocessing, x).data, applyPreprocessing([step], x).data);
});

test('metadata come back as they were given, whatever they are called', async () => {
  const model = await Autoencoder.create(configs[0]);
  const named = { kind: 'pump', format: 'mine', version: '7', config: '{}', preprocessing: 'none', epochs: 'many' };
  const cases: Record<string, string>[] = [
    {},
    { run: '1' },
    named,
    { 'metadata.kind': 'a', kind: 'b', 'metadata.metadata.kind': 'c' },
  ];
  for (const metadata of cases) {
    const saved = await deserializeModel(await serializeModel(model, { metadata }));
    assert.equal(saved.metadata, metadata);
    assert.equal(saved.preprocessing, []);
    const classifier = await Classifier.create({ inputs: 4, hidden: [], classes: 2 });
    const again = await deserializeClassifier(await serializeClassifier(classifier, { metadata }));
    assert.equal(again.metadata, metadata);
  }
});

test('a model that is loaded draws no random weights', async () => {
  const bytes = await serializeModel(await Autoencoder.create(configs[2]));
  const classified = await serializeClassifier(await Classifier.create({ inputs: 4, hidden: [3], classes: 2 }));
  const { imul } = Math;
  let multiplied = 0;
  Math.imul = (a, b) => {
    multiplied++; // as the generator does, some ten times a number
    return imul(a, b);
  };
  try {
    await Autoencoder.create(configs[2]);
    assert.ok(multiplied > 0);
    multiplied = 0;
    await deserializeModel(bytes);
    await deserializeClassifier(classified);
    assert.is(multiplied, 0);
  } finally {
    Math.imul = imul;
  }
});

/** The file of a small model with its tensors or metadata changed. */
async function tampered(change: (tensors: Map<string, SafeTensor>, metadata: Record<string, string>) => void) {
  const { tensors, metadata } = readSafetensors(await serializeModel(await Autoencoder.create(configs[0])));
  change(tensors, metadata);
  return writeSafetensors(tensors, metadata);
}

const tensor = (shape: number[], data: Float32Array | Float64Array): SafeTensor => ({ dtype: 'F32', shape, data });

const damages: [string, Parameters<typeof tampered>[0], RegExp][] = [
  [
    'epochs that are no number',
    (_, m) => void Object.assign(m, { epochs: '-1' }),
    /its epochs is "-1": it must be a whole/,
  ],
  ['a missing tensor', (t) => void t.delete('decoder.bias'), /tensor "decoder\.bias" is missing/],
  [
    'a wrong shape',
    (t) => void t.set('encoder.bias', tensor([4], new Float32Array(4))),
    /"encoder\.bias" has shape \(4\): its config asks for \(3\)/,
  ],
  [
    'a transposed shape',
    (t) => void t.set('encoder.weight', tensor([4, 3], new Float32Array(12))),
    /has shape \(4, 3\): its config asks for \(3, 4\)/,
  ],
  [
    'a wrong type',
    (t) => void t.set('encoder.bias', tensor([3], new Float64Array(3))),
    /"encoder\.bias" is F64: its config says float32/,
  ],
  [
    'a value that is not finite',
    (t) => void t.set('encoder.bias', tensor([3], Float32Array.of(0, Number.NaN, 0))),
    /"encoder\.bias" holds NaN at index 1/,
  ],
  [
    'an unknown tensor',
    (t) => void t.set('extra', tensor([1], new Float32Array(1))),
    /"extra" is not part of the model/,
  ],
  ['no config', (_, m) => void delete m.config, /no rhohat config/],
  ['another version', (_, m) => void Object.assign(m, { version: '2' }), /its version is "2"/],
  ['a config that is no JSON', (_, m) => void Object.assign(m, { config: '{' }), /config is not JSON/],
  [
    'a config that is not allowed',
    (_, m) => void Object.assign(m, { config: '{"inputs":4,"hidden":3,"tied":7}' }),
    /config\.tied is 7/,
  ],
  [
    'preprocessing that is not allowed',
    (_, m) => void Object.assign(m, { preprocessing: '[{"kind":"wash"}]' }),
    /wash/,
  ],
];

for (const [name, change, message] of damages) {
  test(`deserializeModel refuses ${name} in one line`, async () => {
    const bytes = await tampered(change);
    await assertRefused(() => deserializeModel(bytes), message);
  });
}

test('deserializeModel refuses a file that is cut anywhere', async () => {
  const bytes = await serializeModel(await Autoencoder.create(configs[0]));
  for (let length = 0; length < bytes.length; length += 7) {
    await assertRefused(() => deserializeModel(bytes.subarray(0, length)), /./);
  }
});

test('a centred model that has seen no data begins its centre after it was saved, too', async () => {
  const centred = { inputs: 4, hidden: 3, output: 'linear', center: true, seed: 1, precision: 'float64' } as const;
  const here = await Autoencoder.create(centred);
  const { model: there, metadata } = await deserializeModel(await serializeModel(here));
  assert.equal(metadata, {});
  for (const model of [here, there]) await fit(model, x, { epochs: 1 });
  assert.equal(await there.parameters(), await here.parameters());
  const again = await deserializeModel(await serializeModel(here));
  assert.is(again.model.engine.fresh, false);
});

test.run();
