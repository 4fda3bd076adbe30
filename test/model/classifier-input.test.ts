import { test } from 'uvu';
import { fromRows } from '../../src/array/matrix.ts';
import { Classifier, type Labels } from '../../src/model/classifier.ts';
import { type ClassifierConfig, parseClassifierConfig } from '../../src/model/classifier-config.ts';
import { assertClose } from '../support/close.ts';
import { assertRefused } from '../support/errors.ts';
import { randomView } from '../support/views.ts';

const base: ClassifierConfig = { inputs: 5, hidden: [4], classes: 3, precision: 'float64' };
const x = randomView(3, 5, 'rows', 'float64', 1);

test('costAndGradient and accuracy refuse labels that do not match the examples', async () => {
  const model = await Classifier.create(base);
  const cases: [unknown, string | RegExp][] = [
    [[0, 1], 'labels has 2 entries for 3 examples: there must be one for each'],
    [[0, 1, 2, 0], 'labels has 4 entries for 3 examples: there must be one for each'],
    [[0, 7, 1], 'labels is 7 at index 1: with 3 classes it must be a whole number from 0 to 2'],
    [[0, 1, 3], 'labels is 3 at index 2: with 3 classes it must be a whole number from 0 to 2'],
    [[1.5, 1, 2], 'labels is 1.5 at index 0: with 3 classes it must be a whole number from 0 to 2'],
    [[0, -1, 2], /^labels is -1 at index 1/],
    [[0, Number.NaN, 2], /^labels is NaN at index 1/],
    [['0', 1, 2], /^labels is "0" at index 0/],
    [undefined, /^labels is undefined for 3 examples/],
    [null, /^labels/],
  ];
  for (const [labels, message] of cases) {
    await assertRefused(() => model.costAndGradient(x, labels as Labels), message);
    await assertRefused(() => model.accuracy(x, labels as Labels), message);
  }
});

test('new in the place of create is refused at once', async () => {
  const Plain = Classifier as unknown as new (config: ClassifierConfig) => Classifier;
  await assertRefused(() => new Plain(base), /: it must be what await Classifier\.create\(…\) gives$/);
});

test('every call refuses examples that do not fit', async () => {
  const model = await Classifier.create(base);
  const narrow = fromRows([[1, 2]]);
  for (const call of [
    () => model.costAndGradient(narrow, [0]),
    () => model.probabilities(narrow),
    () => model.classify(narrow),
    () => model.accuracy(narrow, [0]),
  ]) {
    await assertRefused(call, /^x has shape \(1, 2\): it must be \(m, 5\)/);
  }
  await assertRefused(() => model.probabilities(fromRows([[0, 0, 0, 0, Number.NaN]])), /^x is NaN in row 0, column 4/);
});

test('dispose ends the classifier: every later call says so, and disposing twice is allowed', async () => {
  const model = await Classifier.create(base);
  model.dispose();
  model[Symbol.dispose]();
  for (const call of [
    () => model.costAndGradient(x, [0, 1, 2]),
    () => model.probabilities(x),
    () => model.classify(x),
    () => model.accuracy(x, [0, 1, 2]),
    () => model.parameters(),
    async () => model.setParameters({}),
  ]) {
    await assertRefused(call, 'the classifier is disposed: create or load another one');
  }
});

test('Classifier hands out arrays that the caller owns', async () => {
  const model = await Classifier.create(base);
  const first = await model.probabilities(x);
  const copy = first.data.slice();
  for (const view of Object.values(await model.parameters())) view.data.fill(9);
  for (const view of Object.values((await model.costAndGradient(x, [0, 1, 2])).gradient)) view.data.fill(9);
  (await model.probabilities(x)).data.fill(9);
  assertClose(await model.probabilities(x), copy, { rtol: 0, atol: 0 });
});

const parse = (config: unknown) => () => parseClassifierConfig(config as ClassifierConfig);

test('parseClassifierConfig refuses what is not allowed, naming the key', async () => {
  const k = { kind: 'k-sparse', k: 2 };
  const cases: [unknown, string | RegExp][] = [
    [null, /^config is null: it must be an object such as \{ inputs: 784/],
    [{ ...base, classes: 1 }, 'config.classes is 1: it must be at least 2'],
    [{ ...base, classes: undefined }, /^config\.classes is missing/],
    [{ ...base, hidden: 4 }, /^config\.hidden is 4: .*\[\] is softmax regression/],
    [{ ...base, hidden: [4, 0] }, /^config\.hidden\.1 is 0: /],
    [{ ...base, activation: 'swish' }, /^config\.activation is "swish": it must be one of sigmoid/],
    [{ ...base, activation: ['tanh', 'tanh'] }, /^config\.activation is .*one entry for each of the 1 hidden layers/],
    [{ ...base, layers: [] }, /^config\.layers is \[\]: .*one entry for each of the 1 hidden layers/],
    [{ ...base, layers: [{ ...k, k: 5 }] }, 'config.layers.0.k is 5: the layer has 4 units, so it must be at most 4'],
    [{ ...base, layers: [{ ...k, k: 0 }] }, /^config\.layers\.0\.k is 0/],
    [{ ...base, weightDecay: -1 }, /^config\.weightDecay is -1/],
    [{ ...base, hiddenWeightDecay: Number.NaN }, /^config\.hiddenWeightDecay is NaN/],
    [{ ...base, loss: 'hinge' }, /^config\.loss is not a known key: the keys here are inputs, hidden, classes/],
  ];
  for (const [config, message] of cases) await assertRefused(parse(config), message);
});

test.run();
