import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readSafetensors, type SafeTensor, writeSafetensors } from '../../src/data/formats/safetensors.ts';
import {
  Autoencoder,
  Classifier,
  deserializeClassifier,
  deserializeModel,
  serializeClassifier,
  serializeModel,
} from '../../src/index.ts';
import { assertRefused } from '../support/errors.ts';
import { type Nasty, refusesAll } from './nasty.ts';

const options = { threads: 1 } as const;
const model = await serializeModel(await Autoencoder.create({ inputs: 4, hidden: 3 }, options));
const classifier = await serializeClassifier(await Classifier.create({ inputs: 4, hidden: [], classes: 2 }, options));

/** A model's file with other metadata, or other tensors. */
function altered(
  file: Uint8Array,
  metadata: Record<string, string>,
  change: (tensors: Map<string, SafeTensor>) => void = () => {},
): Uint8Array {
  const read = readSafetensors(file);
  change(read.tensors);
  return writeSafetensors(read.tensors, { ...read.metadata, ...metadata });
}
const config = (text: string) => altered(model, { config: text });
const steps = (text: string) => altered(model, { preprocessing: text });
const deviation = (tensors: Map<string, SafeTensor>, name: string, data: Float64Array) =>
  tensors.set(`preprocessing.0.${name}`, { dtype: 'F64', shape: [data.length], data });

const models: Nasty[] = [
  // A config's sizes were once allocated before the tensors were looked at: 40 GB out of 2 KB.
  [
    'a model of 10^10 weights',
    () => config('{"inputs":100000,"hidden":100000}'),
    /has shape \(3, 4\): its config asks for \(100000, 100000\)/,
  ],
  ['a model of 2^53 units', () => config('{"inputs":4,"hidden":9007199254740991}'), /asks for/],
  ['a model of 1,000 layers', () => config(`{"inputs":4,"hidden":[${'3,'.repeat(999)}3]}`), /is missing/],
  ['a model of 100,000 layers', () => config(`{"inputs":4,"hidden":[${'3,'.repeat(1e5)}3]}`), /at most 1000 entries/],
  ['a config with __proto__', () => config('{"inputs":4,"hidden":3,"__proto__":{}}'), /"__proto__"/],
  ['a config of 50,000 brackets', () => config('['.repeat(50_000)), /nested more than 64/],
  ['a config with 1e999', () => config('{"inputs":4,"hidden":3,"weightDecay":1e999}'), /weightDecay is Infinity/],
  [
    '100,000 steps of preprocessing',
    () => steps(`[${'{"kind":"cs294a","limit":1},'.repeat(1e5)}{"kind":"cs294a","limit":1}]`),
    /at most 100/,
  ],
  ['preprocessing of a deep kind', () => steps(`[{"kind":${'['.repeat(50)}${']'.repeat(50)}}]`), /step 0 is of kind/],
  ['preprocessing with limit 1e999', () => steps('[{"kind":"cs294a","limit":1e999}]'), /limit is Infinity/],
  [
    'preprocessing whose tensors are not there',
    () => steps('[{"kind":"zca","epsilon":1}]'),
    /preprocessing\.0\.mean is missing/,
  ],
  [
    'preprocessing of two widths',
    () =>
      altered(model, { preprocessing: '[{"kind":"standardize"}]' }, (tensors) => {
        deviation(tensors, 'mean', new Float64Array(4));
        deviation(tensors, 'deviation', Float64Array.of(1, 1, 1));
      }),
    /mean of 4 columns beside arrays of 3/,
  ],
  ['a classifier for a model', () => classifier, /it holds "classifier", and "autoencoder" is needed/],
];
refusesAll((bytes) => deserializeModel(bytes, options), models);

const classes = (text: string) => altered(classifier, { config: text });
refusesAll(
  (bytes) => deserializeClassifier(bytes, options),
  [
    [
      'a classifier of 10^15 classes',
      () => classes('{"inputs":4,"hidden":[],"classes":1000000000000000}'),
      /asks for \(1000000000000000, 4\)/,
    ],
    [
      'a classifier of 100,000 layers',
      () => classes(`{"inputs":4,"hidden":[${'3,'.repeat(1e5)}3],"classes":2}`),
      /at most 1000 entries/,
    ],
  ],
);

test('a model larger than any machine is refused by its size, before anything is made', async () => {
  await assertRefused(
    () => Autoencoder.create({ inputs: 1e6, hidden: 1e6 }),
    /would have 2000002000000 parameters, and training it takes at least 2\.98e\+4 GiB in float32: at most 2\^28 are allowed/,
  );
  await assertRefused(
    () => Classifier.create({ inputs: 2 ** 53 - 1, hidden: [2 ** 53 - 1], classes: 2 }),
    /at most 2\^28 are allowed/,
  );
});

test('a model file whose weights are infinite is refused, and its name is told', async () => {
  const file = model.slice();
  new DataView(file.buffer).setFloat32(file.length - 4, Number.POSITIVE_INFINITY, true);
  await assertRefused(() => deserializeModel(file, options), /tensor "encoder\.weight" holds Infinity at index 11/);
  assert.is(
    readSafetensors(file, { nonFinite: 'keep' }).tensors.get('encoder.weight')?.data[11],
    Number.POSITIVE_INFINITY,
  );
});

test.run();
