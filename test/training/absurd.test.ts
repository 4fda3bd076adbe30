import { createHash } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { readSafetensors, writeSafetensors } from '../../src/data/formats/safetensors.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { Classifier } from '../../src/model/classifier.ts';
import { deserializeCheckpoint } from '../../src/training/checkpoints/checkpoint.ts';
import { fit } from '../../src/training/fit.ts';
import { fitClassifier } from '../../src/training/fit-classifier.ts';
import { fitStack } from '../../src/training/stack.ts';
import { assertRefused } from '../support/errors.ts';
import { randomView } from '../support/views.ts';

// What would take minutes and gigabytes before it failed is refused at once, with what it would take.

const x = randomView(20, 3, 'rows', 'float32', 1, 0, 1);

/** Fails unless it is refused within a second. */
async function atOnce(action: () => Promise<unknown>, message: RegExp): Promise<void> {
  const begin = performance.now();
  await assertRefused(action, message);
  assert.ok(performance.now() - begin < 1000);
}

test('models that no memory can train are refused before weights are drawn', async () => {
  const message =
    /^the model would have 560000003 parameters, and training it takes at least 8\.34 GiB in float32: at most/;
  for (const precision of ['float32', 'float64'] as const) {
    await atOnce(() => Autoencoder.create({ inputs: 3, hidden: 8e7, precision }), message);
  }
  await atOnce(() => fitStack(x, [{ model: { hidden: 8e7 }, fit: {} }]), message);
  await atOnce(
    () => Classifier.create({ inputs: 3, hidden: [], classes: 1e8 }),
    /^the model would have 400000000 param/,
  );
});

test('a history of L-BFGS costs what it uses, and one that no memory holds is refused', async () => {
  for (const precision of ['float32', 'float64'] as const) {
    const long = await Autoencoder.create({ inputs: 3, hidden: 2, precision });
    const usual = await Autoencoder.create({ inputs: 3, hidden: 2, precision });
    const begin = performance.now();
    const { cost } = await fit(long, x, { optimizer: { kind: 'lbfgs', iterations: 15, history: 1e7 } });
    assert.ok(performance.now() - begin < 1000);
    assert.is(cost, (await fit(usual, x, { optimizer: { kind: 'lbfgs', iterations: 15 } })).cost);
    await atOnce(
      () => fit(long, x, { optimizer: { kind: 'lbfgs', iterations: 1e9, history: 1e7 } }),
      /^options\.optimizer\.history is 10000000: .* of 17 parameters that it keeps would take (4\.77|9\.54) GiB/,
    );
  }
});

test('labels that no memory holds one-hot are refused', async () => {
  const classifier = await Classifier.create({ inputs: 3, hidden: [], classes: 2 ** 20 });
  const many = matrix(new Uint8Array(3 * 5000), 5000, 3);
  await atOnce(
    () => fitClassifier(classifier, many, new Uint8Array(5000)),
    /^labels of 5000 examples for 1048576 classes would take 4\.88 GiB/,
  );
  classifier.dispose();
});

test('a checkpoint whose JSON is nested deeply is refused in one line', async () => {
  const model = await Autoencoder.create({ inputs: 3, hidden: 2 });
  let saved = new Uint8Array();
  const save = (bytes: Uint8Array) => {
    saved = bytes.slice();
  };
  await fit(model, x, { epochs: 1, checkpoint: { every: 1, save } });
  const { tensors, metadata } = readSafetensors(saved, { nonFinite: 'keep' });
  for (const deep of ['['.repeat(200_000) + ']'.repeat(200_000), `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`]) {
    for (const key of ['model', 'plan', 'data', 'position']) {
      const checksum = '0'.repeat(64);
      const bytes = writeSafetensors(tensors, { ...metadata, [key]: deep, checksum });
      const right = createHash('sha256').update(bytes).digest('hex');
      bytes.set(new TextEncoder().encode(right), Buffer.from(bytes).indexOf(checksum));
      const message = new RegExp(`^checkpoint: its ${key} is nested more than 64 deep`);
      await atOnce(() => deserializeCheckpoint(bytes), message);
      await atOnce(() => fit(model, x, { epochs: 1, resume: bytes }), message);
    }
  }
});

test.run();
