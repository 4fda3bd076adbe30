import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, type Matrix, matrix, rowRange } from '../../src/array/matrix.ts';
import { codeUse, explainedVariance, explainedVarianceLegacy, meanCosine } from '../../src/measures/of-arrays.ts';
import { measure, recoveryOf } from '../../src/measures/on-demand.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { assertClose } from '../support/close.ts';
import { assertRefused } from '../support/errors.ts';
import { randomView } from '../support/views.ts';

const config: AutoencoderConfig = {
  inputs: 4,
  hidden: 6,
  activation: 'relu',
  output: 'linear',
  precision: 'float64',
  seed: 3,
};

test('measure gives what the functions of arrays give for all examples at once, to the bit, in both precisions', async () => {
  for (const precision of ['float64', 'float32'] as const) {
    for (const sparsity of [null, { kind: 'k-sparse', k: 2, alpha: 2 } as const]) {
      const model = await Autoencoder.create({ ...config, precision, sparsity });
      const x = randomView(700, 4, 'rows', precision, 1, 0, 2);
      const found = await measure(model, x);
      // Codes as in encoding, αk of them; outputs as in training, from k.
      const [codes, output] = [await model.encode(x), await model.reconstruct(x)];
      assert.is(found.explainedVariance, explainedVariance(x, output));
      assert.is(found.explainedVarianceLegacy, explainedVarianceLegacy(x, output));
      assert.is(found.cosine, meanCosine(x, output));
      const { l0, l1, firing, density, neverFire } = codeUse(codes);
      assert.equal([found.l0, found.l1, found.firing, found.density, found.neverFire], [
        ...[l0, l1, firing, density, neverFire],
      ] as never);
      if (sparsity !== null) assert.ok(l0 > 2 && l0 <= 4, 'αk are kept');
      assertClose([found.explainedVariance], [1 - found.varianceUnexplained]);
      assert.equal(found.neverFire, found.deadUnits);
    }
  }
});

test('measure compares with the target that is given, and with x without one', async () => {
  const model = await Autoencoder.create(config);
  const x = randomView(300, 4, 'rows', 'float64', 1);
  const target = randomView(300, 4, 'strided', 'float64', 2, 5, 9);
  const found = await measure(model, x, { target });
  const output = await model.reconstruct(x);
  assert.is(found.explainedVariance, explainedVariance(target, output));
  assertClose([1 - found.varianceUnexplained], [found.explainedVariance]);
  assert.is(found.reconstructionError, found.squaredError / 2);
  assert.ok(found.explainedVariance < -1, 'not clamped');
  assert.equal(await measure(model, x, { target: x }), await measure(model, x));
  assert.equal(await measure(model, x, { target: await model.reconstruct(x) }), {
    ...(await measure(model, x)),
    ...{ reconstructionError: 0, squaredError: 0, varianceUnexplained: 0 },
    ...{ explainedVariance: 1, explainedVarianceLegacy: 1, cosine: 1, normRatio: 1 },
  });
});

test('measure with features gives what recoveryOf gives of decoder rows and codes, tied or not', async () => {
  const directions = randomView(5, 4, 'rows', 'float64', 7);
  const codes = randomView(600, 5, 'strided', 'float64', 8);
  const x = randomView(600, 4, 'rows', 'float64', 1);
  for (const tied of [false, true]) {
    const model = await Autoencoder.create({ ...config, tied });
    const weight = (await model.parameters())[tied ? 'encoder.weight' : 'decoder.weight'] as Matrix;
    const { recovery } = await measure(model, x, { features: { directions, codes } });
    assert.equal(recovery, await recoveryOf(weight, directions, await model.encode(x), codes));
    const { recovery: without } = await measure(model, x, { features: { directions } });
    assert.equal([without?.mcc, without?.f1], [recovery?.mcc, null]);
  }
});

test('an identity dictionary: nothing is lost, all features are found', async () => {
  const model = await Autoencoder.create({ ...config, hidden: 4 });
  const eye = matrix(
    Float64Array.from({ length: 16 }, (_, p) => Number(p % 5 === 0)),
    4,
    4,
  );
  model.setParameters({ 'encoder.weight': eye, 'decoder.weight': eye });
  const x = randomView(50, 4, 'rows', 'float64', 1, 0, 1);
  const found = await measure(model, x, { features: { directions: eye, codes: x } });
  const { explainedVariance: ev, cosine, normRatio, squaredError, recovery } = found;
  assertClose([ev, cosine, normRatio, squaredError], [1, 1, 1, 0]);
  assert.equal(recovery, { mcc: 1, mmcs: 1, uniqueness: 1, f1: 1, precision: 1, recall: 1 });
});

test('sigmoid units fire on every example: dead by their rate, not by the definition of 0', async () => {
  const model = await Autoencoder.create({ ...config, activation: 'sigmoid' });
  model.setParameters({ 'encoder.bias': { data: new Float64Array(6).fill(-20), shape: [6], stride: [1], offset: 0 } });
  const { deadUnits, neverFire, l0 } = await measure(model, randomView(9, 4, 'rows', 'float64', 1));
  assert.equal([deadUnits.length, neverFire, l0], [6, [], 6]);
});

test('measure names the option that does not fit', async () => {
  const model = await Autoencoder.create(config);
  const x = randomView(9, 4, 'rows', 'float64', 1, 0, 1);
  const refused = (options: unknown, message: RegExp) =>
    assertRefused(() => measure(model, x, options as never), message);
  await refused(7, /^options is 7: it must be an object such as \{ target, features \}/);
  await refused({ target: fromRows([[1, 2]]) }, /^options\.target has shape \(1, 2\): it must be \(m, 4\)/);
  await refused({ target: rowRange(x, 0, 8) }, /^options\.target has 8 rows, and x 9: give one for each example$/);
  await refused({ features: [] }, /^options\.features is \[\]: it must be an object such as/);
  await refused({ features: {} }, /^options\.features\.directions is undefined: it must be an ndarray/);
  await refused({ features: { directions: fromRows([[1]]) } }, /^options\.features\.directions has shape \(1, 1\)/);
  const directions = fromRows([[0, 0, 0, 0]]);
  await refused({ features: { directions } }, /^options\.features\.directions is 0 in row 0: a feature must have/);
  const codes = fromRows([[1]]);
  const known = { directions: rowRange(x, 0, 1), codes };
  await refused({ features: known }, /^options\.features\.codes has 1 rows, and x 9: give one for each example$/);
  const deep = await Autoencoder.create({ ...config, hidden: [6, 3] });
  await assertRefused(
    () => measure(deep, x, { features: { directions: x } }),
    /^options\.features is given for a model of 2 hidden layers, whose codes have no row each in the outputs: leave it/,
  );
  const entropy = await Autoencoder.create({ ...config, output: 'sigmoid', loss: 'cross-entropy' });
  await assertRefused(
    () => measure(entropy, x, { target: x }),
    /^options\.target is given to a model with loss "cross-entropy", which compares its outputs with x: leave it out$/,
  );
});

test.run();
