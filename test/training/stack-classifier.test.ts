import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toFlat } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { fitClassifier } from '../../src/training/fit-classifier.ts';
import { stackClassifier } from '../../src/training/stack.ts';
import { assertClose } from '../support/close.ts';
import { assertRefused } from '../support/errors.ts';
import { rowsOf } from '../support/naive-model.ts';
import { randomView } from '../support/views.ts';

const x = randomView(12, 6, 'rows', 'float64', 3, 0.1, 0.9);
const make = (inputs: number, hidden: number, more: Partial<AutoencoderConfig> = {}) =>
  Autoencoder.create({ inputs, precision: 'float64', seed: inputs, ...more, hidden });

const stacks: [string, () => Promise<Autoencoder[]>][] = [
  ['one layer', async () => [await make(6, 4)]],
  ['two layers', async () => [await make(6, 5), await make(5, 3, { tied: true, activation: 'tanh' })]],
  [
    'k-sparse layers',
    async () => [
      await make(6, 5, { sparsity: { kind: 'k-sparse', k: 2, alpha: 2 } }),
      await make(5, 4, { sparsity: { kind: 'k-sparse', k: 1, alpha: 3 } }),
    ],
  ],
];

for (const [name, create] of stacks) {
  test(`stackClassifier gives the softmax of the stack's codes: ${name}`, async () => {
    const models = await create();
    const classifier = await stackClassifier(models, { classes: 3, seed: 8 });
    const bias = randomView(1, 3, 'rows', 'float64', 5).pick(0, null);
    classifier.setParameters({ 'softmax.bias': bias });
    let codes = x;
    for (const model of models) codes = await model.encode(codes);
    const weight = rowsOf((await classifier.parameters())['softmax.weight']);
    const expected = rowsOf(codes).map((a) => {
      const exps = weight.map((row, j) => Math.exp(row.reduce((sum, w, i) => sum + w * a[i], bias.get(j))));
      return exps.map((e) => e / exps.reduce((sum, other) => sum + other, 0));
    });
    assertClose(toFlat(await classifier.probabilities(x)), expected.flat());
    assert.equal([classifier.config.classes, classifier.config.seed], [3, 8]);
  });
}

test('stackClassifier keeps αk survivors in k-sparse layers, in training too', async () => {
  const [model] = [await make(6, 5, { sparsity: { kind: 'k-sparse', k: 2, alpha: 2 } })];
  const codes = rowsOf(await model.encode(x));
  assert.ok(codes.every((row) => row.filter((a) => a !== 0).length === 4));
  const classifier = await stackClassifier([model], { classes: 2 });
  const labels = Array.from({ length: 12 }, (_, i) => i % 2);
  const { cost } = await classifier.costAndGradient(x, labels);
  const chosen = rowsOf(await classifier.probabilities(x)).map((row, i) => -Math.log(row[labels[i]]) / 12);
  assertClose([cost], [chosen.reduce((sum, value) => sum + value, 0)], { rtol: 1e-10 });
});

test('stackClassifier copies the encoders: fine-tuning leaves the models as they are', async () => {
  const models = [await make(6, 5), await make(5, 3)];
  const before = await Promise.all(
    models.map(async (model) => Object.values(await model.parameters()).map((view) => [...toFlat(view)])),
  );
  const classifier = await stackClassifier(models, { classes: 2, hiddenWeightDecay: 0.1 });
  assert.equal((await classifier.parameters())['encoder.1.bias'].shape, [3]);
  assertClose((await classifier.parameters())['encoder.1.weight'], (await models[1].parameters())['encoder.weight'], {
    rtol: 0,
    atol: 0,
  });
  const labels = Array.from({ length: 12 }, (_, i) => i % 2);
  await fitClassifier(classifier, x, labels, { optimizer: { kind: 'lbfgs', iterations: 5 } });
  assert.not.equal([...toFlat((await classifier.parameters())['encoder.0.weight'])], before[0][0]);
  assert.equal(
    await Promise.all(
      models.map(async (model) => Object.values(await model.parameters()).map((view) => [...toFlat(view)])),
    ),
    before,
  );
});

test('stackClassifier takes the precision of the models', async () => {
  const classifier = await stackClassifier([await make(6, 5, { precision: 'float32' })], { classes: 2 });
  assert.is(classifier.config.precision, 'float32');
});

test('stackClassifier refuses stacks that do not meet, and one class', async () => {
  const [low, other] = [await make(6, 5), await make(4, 3)];
  await assertRefused(() => stackClassifier([low, other], { classes: 2 }), /takes 4 inputs, and model 0 has 5/);
  await assertRefused(() => stackClassifier([], { classes: 2 }), /no models/);
  await assertRefused(() => stackClassifier([low], { classes: 1 }), /config\.classes is 1: it must be at least 2/);
});

test('stackClassifier takes the encoders of a deep autoencoder, activations, k-sparse layers and all', async () => {
  const deep = await Autoencoder.create({
    inputs: 6,
    hidden: [5, 4, 3],
    activation: ['tanh', 'linear', 'sigmoid'],
    sparsity: { kind: 'k-sparse', k: 2, layer: 1 },
  });
  const classifier = await stackClassifier([deep], { classes: 2 });
  assert.equal(classifier.config.hidden, [5, 4, 3]);
  assert.equal(classifier.config.activation, ['tanh', 'linear', 'sigmoid']);
  assert.equal(classifier.config.layers, [null, { kind: 'k-sparse', k: 2 }, null]);
  for (const layer of [0, 1, 2]) {
    for (const what of ['weight', 'bias']) {
      const name = `encoder.${layer}.${what}`;
      assert.equal(toFlat((await classifier.parameters())[name]), toFlat((await deep.parameters())[name]), name);
    }
  }
});

test.run();
