import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, toFlat } from '../../src/array/matrix.ts';
import { Classifier } from '../../src/model/classifier.ts';
import { type ClassifierFitOptions, fitClassifier, type Stage } from '../../src/training/fit-classifier.ts';
import { assertClose } from '../support/close.ts';
import { assertRefused, errorOf } from '../support/errors.ts';
import { place, uniforms } from '../support/views.ts';

const [M, D] = [48, 5];
const noise = uniforms(M * D, 3, 0, 0.3);
/** Three classes: a bump at coordinate k. */
const labels = Array.from({ length: M }, (_, i) => (i * 7) % 3);
const values = (i: number, j: number) => noise[i * D + j] + (j === labels[i] ? 0.6 : 0);
const x = place(M, D, 'rows', 'float64', values);
const lbfgs = { optimizer: { kind: 'lbfgs', iterations: 30 } } as const;
const sgd = { optimizer: { kind: 'sgd', learningRate: 0.1 }, epochs: 2, batchSize: 10 } as const;
const config = { inputs: D, hidden: [6, 4], classes: 3, precision: 'float64' as const, weightDecay: 1e-3, seed: 3 };

const snapshot = async (classifier: Classifier) =>
  Object.fromEntries(Object.entries(await classifier.parameters()).map(([name, view]) => [name, [...toFlat(view)]]));

async function train(options: ClassifierFitOptions, more: object = {}) {
  const classifier = await Classifier.create({ ...config, ...more });
  const before = await snapshot(classifier);
  const result = await fitClassifier(classifier, x, labels, options);
  const after = await snapshot(classifier);
  const changed = Object.keys(before).filter((name) => before[name].join() !== after[name].join());
  return { classifier, result, changed, after };
}

const softmaxNames = ['softmax.weight', 'softmax.bias'];
const parts: Record<Stage, string[]> = {
  softmax: softmaxNames,
  top: ['encoder.1.weight', 'encoder.1.bias', ...softmaxNames],
  all: ['encoder.0.weight', 'encoder.0.bias', 'encoder.1.weight', 'encoder.1.bias', ...softmaxNames],
};
for (const stage of ['softmax', 'top', 'all'] as const) {
  test(`fitClassifier changes exactly the parameters of the stage ${stage}`, async () => {
    for (const options of [lbfgs, sgd]) {
      // Decay of hidden weights must not reach layers below the stage either.
      assert.equal((await train({ ...options, stage }, { hiddenWeightDecay: 0.5 })).changed, parts[stage]);
    }
  });
}

test('fitClassifier changes the softmax alone in every stage where there are no hidden layers', async () => {
  const thetas: unknown[] = [];
  for (const stage of ['softmax', 'top', 'all'] as const) {
    const { changed, after } = await train({ ...sgd, stage }, { hidden: [] });
    assert.equal(changed, softmaxNames);
    thetas.push(after);
  }
  assert.equal(thetas[0], thetas[1]);
  assert.equal(thetas[0], thetas[2]);
});

test('fitClassifier takes the stage all unless told, and repeats to the bit', async () => {
  const once = await train(sgd);
  assert.equal(once.after, (await train({ ...sgd, stage: 'all' })).after);
  assert.not.equal(once.after, (await train({ ...sgd, seed: 8 })).after);
});

for (const options of [lbfgs, sgd]) {
  test(`fitClassifier in the stage softmax equals softmax regression on the codes: ${options.optimizer.kind}`, async () => {
    const { classifier, result } = await train({ ...options, stage: 'softmax' });
    const { inputs: _, ...rest } = config;
    const untrained = await Classifier.create(config);
    const codes = matrix(await untrained.engine.propagate(x, 0, 2, 'encoding'), M, 4);
    const regression = await Classifier.create({ ...rest, inputs: 4, hidden: [] });
    const own = await untrained.parameters();
    regression.setParameters({ 'softmax.weight': own['softmax.weight'], 'softmax.bias': own['softmax.bias'] });
    const alone = await fitClassifier(regression, codes, labels, options);
    for (const name of softmaxNames)
      assertClose((await classifier.parameters())[name], (await regression.parameters())[name]);
    assertClose([result.cost], [alone.cost]);
  });
}

test('fitClassifier lowers the cost in each stage, and classifies separable data', async () => {
  const classifier = await Classifier.create(config);
  let { cost } = await classifier.costAndGradient(x, labels);
  for (const stage of ['softmax', 'top', 'all'] as const) {
    await fitClassifier(classifier, x, labels, { ...lbfgs, stage });
    const next = (await classifier.costAndGradient(x, labels)).cost;
    assert.ok(next < cost, `${stage}: ${cost} → ${next}`);
    cost = next;
  }
  assert.is(await classifier.accuracy(x, labels), 1);
  const fresh = await Classifier.create(config);
  assert.ok((await fresh.accuracy(x, labels)) < 0.7, 'it was not so from the start');
});

test('fitClassifier reports the classification cost of the validation set, and looking changes nothing', async () => {
  const held = place(6, D, 'strided', 'float64', (i, j) => values(i, j) + 0.01 * j);
  const validation = { x: held, labels: labels.slice(0, 6) };
  for (const stage of ['softmax', 'all'] as const) {
    const { classifier, result, after } = await train({ ...sgd, stage, validation });
    const { terms } = await classifier.costAndGradient(held, validation.labels);
    assert.is(result.history.length, 2);
    assertClose([result.history[1].validation ?? Number.NaN], [terms.classification]);
    assert.equal(after, (await train({ ...sgd, stage })).after);
  }
});

test('fitClassifier leaves a class that is never shown improbable, and still knows it', async () => {
  const { classifier } = await train(lbfgs, { classes: 5 });
  const probabilities = await classifier.probabilities(x);
  assert.equal(probabilities.shape, [M, 5]);
  for (let i = 0; i < M; i++) for (const c of [3, 4]) assert.ok(probabilities.get(i, c) < 0.1);
  assert.is(await classifier.accuracy(x, Array(M).fill(4)), 0);
});

test('fitClassifier ends with the reason of the signal, and the classifier stays usable', async () => {
  for (const stage of ['softmax', 'all'] as const) {
    const controller = new AbortController();
    const classifier = await Classifier.create(config);
    const onProgress = () => controller.abort(new Error('enough'));
    const options = { ...sgd, stage, signal: controller.signal, onProgress };
    assert.match(String(await errorOf(() => fitClassifier(classifier, x, labels, options))), 'enough');
    const before = (await (await Classifier.create(config)).parameters())['softmax.weight'];
    assert.not.equal(
      (await classifier.parameters())['softmax.weight'].data,
      before.data,
      `${stage}: θ is that of the last step`,
    );
    await fitClassifier(classifier, x, labels, { ...sgd, stage });
  }
});

const noises = { corruption: { corruption: { kind: 'masking', fraction: 0.4 } }, dropout: { dropout: 0.4 } } as const;
for (const [name, given] of Object.entries(noises))
  test(`fitClassifier with ${name} draws it anew each epoch, and is judged without`, async () => {
    const held = { x, labels };
    for (const stage of ['softmax', 'top', 'all'] as const) {
      const { after } = await train({ ...sgd, stage });
      const noisy = await train({ ...sgd, stage, validation: held }, given);
      const codesAreClean = stage === 'softmax'; // computed once
      assert.is(JSON.stringify(noisy.after) === JSON.stringify(after), codesAreClean, stage);
      const clean = await Classifier.create(config);
      clean.setParameters(await noisy.classifier.parameters());
      const { terms } = await clean.costAndGradient(x, labels);
      assertClose([noisy.result.history[1].validation ?? Number.NaN], [terms.classification]);
    }
    // Steps of length 0: the cost moves from epoch to epoch with the noise alone.
    const step = async (epochs: number) => {
      const classifier = await Classifier.create({ ...config, hidden: [4], ...given });
      const { history } = await fitClassifier(classifier, x, labels, {
        optimizer: { kind: 'sgd', learningRate: 0 },
        epochs,
        batchSize: M,
      });
      return history.map(({ cost }) => cost);
    };
    const [first, second] = await step(2);
    assert.not.equal(first, second);
    assert.equal(await step(1), [first]);
  });

test('fitClassifier refuses labels, examples, stages and options that are not allowed, and changes nothing', async () => {
  const classifier = await Classifier.create(config);
  const before = await snapshot(classifier);
  const call = (own: ArrayLike<number>, options: object = {}) => fitClassifier(classifier, x, own, options);
  for (const stage of ['softmax', 'all'] as const) {
    await assertRefused(() => call(labels.slice(1), { stage }), /^labels has 47 entries for 48 examples/);
    for (const wrong of [3, -1, 0.5, Number.NaN]) {
      const given = labels.map((label, i) => (i === 5 ? wrong : label));
      await assertRefused(() => call(given, { stage }), /^labels is .* at index 5: with 3 classes .* from 0 to 2/);
    }
    await assertRefused(() => call(labels, { stage, epochs: 0 }), /^options\.epochs is 0/);
    const held = (own: number[]) => ({ stage, validation: { x: x.hi(2, D), labels: own } });
    await assertRefused(() => call(labels, held([0])), /^options\.validation\.labels has 1 entries for 2 examples/);
    await assertRefused(() => call(labels, held([0, 3])), /^options\.validation\.labels is 3 at index 1/);
    const narrow = { stage, validation: { x: x.hi(2, 3), labels: [0, 1] } };
    await assertRefused(() => call(labels, narrow), /^options\.validation\.x has shape \(2, 3\)/);
  }
  await assertRefused(() => call(labels, { stage: 'bottom' }), /options\.stage is "bottom": .* softmax, top, all/);
  await assertRefused(() => fitClassifier(classifier, x.hi(M, 3), labels), /^x has shape \(48, 3\)/);
  assert.equal(await snapshot(classifier), before);
});

test('fitClassifier keeps what the softmax stage learnt, whatever is asked of the classifier meanwhile', async () => {
  const options = { ...sgd, stage: 'softmax' } as const;
  const { after } = await train(options);
  const classifier = await Classifier.create(config);
  const asked: Promise<unknown>[] = [];
  const ask = () => asked.push(classifier.probabilities(x));
  const running = fitClassifier(classifier, x, labels, { ...options, onProgress: ask });
  await assertRefused(() => fitClassifier(classifier, x, labels, options), /while the model is being trained/);
  await running;
  await Promise.all(asked);
  assert.ok(asked.length > 0);
  assert.equal(await snapshot(classifier), after);
  await fitClassifier(classifier, x, labels, options); // and it can be trained again
});

test.run();
