import ndarray from 'ndarray';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyNumbers, matrix, type View } from '../src/array/matrix.ts';
import { didYouMean } from '../src/data/formats/closest.ts';
import { csvExamples, gunzip, idxExamples, imageExample, npyExamples, prepare } from '../src/data/index.ts';
import { show } from '../src/errors.ts';
import {
  Autoencoder,
  Classifier,
  checkGradient,
  deserializeModel,
  fit,
  fitClassifier,
  fitStack,
  inspect,
  measure,
  serializeModel,
  stackClassifier,
  unroll,
} from '../src/index.ts';
import { loadExamples } from '../src/node/index.ts';
import { assertRefused } from './support/errors.ts';

// What someone without types, or at the first try, gives to the library: each mistake ends in one line that helps.

// biome-ignore lint/suspicious/noExplicitAny: wrong on purpose
type Any = any;
const x = matrix(
  Float32Array.from({ length: 20 }, (_, i) => (i % 7) / 7),
  5,
  4,
);
const create = () => Autoencoder.create({ inputs: 4, hidden: 2 }, { threads: 1 });

test('a model that was not awaited, a classifier for an autoencoder, and the reverse, are told', async () => {
  const classifier = await Classifier.create({ inputs: 4, hidden: [], classes: 2 }, { threads: 1 });
  const model = await create();
  const wrong: [Any, RegExp][] = [
    [create(), /is a Promise \(await is missing\): it must be what await Autoencoder\.create\(…\) gives/],
    [undefined, /is undefined: it must be what/],
    [x, /is of class View2dfloat32: /],
    [classifier, /is of class Classifier: it must be what await Autoencoder/],
  ];
  for (const [given, message] of wrong) {
    await assertRefused(() => fit(given, x), message);
    await assertRefused(() => measure(given, x), message);
    await assertRefused(() => inspect(given, x), message);
    await assertRefused(() => checkGradient(given, x), message);
    await assertRefused(() => serializeModel(given), message);
    await assertRefused(() => unroll([given]), message);
    await assertRefused(() => stackClassifier([model, given], { classes: 2 }), message);
  }
  await assertRefused(() => fitClassifier(model as Any, x, [0, 1, 0, 1, 0]), /what await Classifier\.create/);
  await assertRefused(() => unroll(undefined as Any), /has no models/);
  await assertRefused(() => fitStack(x, undefined as Any), /has no layers/);
  await assertRefused(
    () => new (Autoencoder as Any)({ inputs: 4, hidden: 2 }),
    /what await Autoencoder\.create\(…\) gives$/,
  );
});

test('views that are no view of their data are refused at once, not looped over', async () => {
  const model = await create();
  const view = (over: object) => ({ data: new Float32Array(16), shape: [4, 4], stride: [4, 1], offset: 0, ...over });
  for (const over of [
    { shape: [1.5, 4] },
    { shape: [1e12, 4], stride: [0, 1] },
    { shape: [5, 4] },
    { offset: 1 },
    { offset: undefined },
    { stride: [Number.NaN, 1] },
    { stride: [-4, 1] },
    { stride: [0.5, 1] },
  ]) {
    await assertRefused(() => model.encode(view(over) as Any), /^x has shape .* over 16 numbers: it must lie within/);
  }
  assert.equal((await model.encode(view({ shape: [9, 4], stride: [0, 1] }) as Any)).shape, [9, 2], 'rows repeated');
  const big = ndarray(new BigInt64Array(8), [2, 4]);
  await assertRefused(() => model.encode(big as Any), /^x\.data is of class BigInt64Array: it must be an ndarray/);
  await assertRefused(() => model.encode(view({ data: new DataView(new ArrayBuffer(64)) }) as Any), /DataView/);
  await assertRefused(() => fit(model, { shape: [5, 4], read: async () => undefined } as Any), /gave undefined for/);
});

test('labels, ε, metadata and preprocessing of the wrong kind are refused before anything is written', async () => {
  const model = await create();
  const classifier = await Classifier.create({ inputs: 4, hidden: [], classes: 2 }, { threads: 1 });
  const oneHot = matrix(new Float32Array(10), 5, 2) as View<AnyNumbers>;
  await assertRefused(() => fitClassifier(classifier, x, oneHot as Any), /^labels is of class .* for 5 examples/);
  for (const epsilon of [0, -1e-5, Number.NaN, 2]) {
    await assertRefused(() => checkGradient(model, x, { epsilon }), /^options\.epsilon is .*between 0 and 1/);
  }
  await assertRefused(() => serializeModel(model, { metadata: { run: 5 } as Any }), /^metadata\.run is 5: .* a text/);
  for (const kind of ['cs294a', 'contrast', 'layer-norm', 'standardize', 'zca']) {
    const options = { preprocessing: [{ kind }] as Any };
    await assertRefused(() => serializeModel(model, options), /^preprocessing\.0 is .* not fitted: pass the steps/);
  }
});

test('prepare passes over no misspelt key', async () => {
  const examples = csvExamples(new TextEncoder().encode('1,2\n3,4\n'));
  const refused: [Any[], RegExp][] = [
    [[[examples], { preprocess: ['zca'] }, 'float32'], /^plan\.preprocess is not a known key: .*preprocessing/],
    [[[examples], { preprocessing: 'zca' }, 'float32'], /^plan\.preprocessing is "zca": it must be a list/],
    [[[examples], undefined, 'float32'], /^plan is undefined/],
    [[[examples], {}, 'float16'], /^precision is "float16"/],
    [[examples, {}, 'float32'], /^stacks is /],
  ];
  for (const [args, message] of refused) await assertRefused(() => (prepare as Any)(...args), message);
});

test('readers and loaders say that they need bytes and paths', async () => {
  for (const read of [csvExamples, npyExamples, idxExamples, imageExample, gunzip, deserializeModel]) {
    for (const given of ['1,2', undefined, new ArrayBuffer(8), [1, 2], Promise.resolve(1)]) {
      await assertRefused(() => (read as Any)(given), /^bytes is .*: it must be the Uint8Array of a file$/);
    }
  }
  await assertRefused(() => loadExamples(5 as Any), /^path is 5: it must be a text/);
  await assertRefused(() => loadExamples('mnsit'), /no data set, file or folder of that name \(did you mean mnist\?\)/);
});

test('a required key that is missing names the unknown one beside it', async () => {
  const missing = 'config.hidden is missing: it is required, and "hiden" is not a known key';
  await assertRefused(() => Autoencoder.create({ inputs: 4, hiden: 2 } as Any), missing);
  const kl = { inputs: 4, hidden: 2, sparsity: { kind: 'kl', rho: 0.1, weight: 3 } };
  await assertRefused(() => Autoencoder.create(kl as Any), /sparsity\.target is missing: .*"rho" is not a known key/);
});

test('a near name is suggested, a far one is not', () => {
  const names = ['mnist', 'mnist-test', 'natural-images', 'cifar10', 'dead-leaves'];
  for (const [given, near] of [
    ['mnsit', 'mnist'],
    ['MNIST', 'mnist'],
    ['cifar-10', 'cifar10'],
    ['deadleaves', 'dead-leaves'],
    ['natural-image', 'natural-images'],
    ['mnist_test', 'mnist-test'],
  ]) {
    assert.is(didYouMean(given, names), ` (did you mean ${near}?)`);
  }
  for (const given of ['data.csv', 'photos', '', '///', 'x'.repeat(1e6)]) assert.is(didYouMean(given, names), '');
});

test('show writes large objects by their class, in no time', () => {
  assert.is(show(new Float64Array(1e8)), 'of class Float64Array');
  assert.is(show(Promise.resolve()), 'a Promise (await is missing)');
  assert.is(show({ a: 1 }), '{"a":1}');
  assert.is(show(Object.create(null)), '{}');
  assert.is(show(null), 'null');
});

test.run();
