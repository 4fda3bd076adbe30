import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseConfig } from '../../src/model/config.ts';
import { planFit } from '../../src/training/options.ts';
import { presets } from '../../src/training/presets.ts';
import { parseDataPlan, parseRun } from '../../src/training/run.ts';
import { assertRefused } from '../support/errors.ts';

test('presets are allowed configs, data plans and options', () => {
  for (const [name, { data, model, fit }] of Object.entries(presets)) {
    assert.equal(parseDataPlan(data), data, name);
    parseConfig({ ...model, inputs: 64 });
    planFit(fit, 10_000, 1);
  }
});

test('presets hold the published set-ups of CS294A and UFLDL', () => {
  const { cs294a, 'ufldl-mnist': ufldl } = presets;
  assert.equal(cs294a.data.patches, { size: 8, count: 10_000, seed: 1 });
  assert.is(cs294a.model.hidden, 25);
  assert.is(cs294a.model.weightDecay, 1e-4);
  assert.equal(cs294a.model.sparsity, { kind: 'kl', target: 0.01, weight: 3 });
  assert.equal(cs294a.fit.optimizer, { kind: 'lbfgs', iterations: 400 });
  assert.is(ufldl.data.limit, 10_000);
  assert.is(ufldl.model.hidden, 196);
  assert.is(ufldl.model.weightDecay, 3e-3);
  assert.equal(ufldl.model.sparsity, { kind: 'kl', target: 0.1, weight: 3 });
});

test('parseRun fills in data and fit, and keeps everything else', () => {
  assert.equal(parseRun({ source: 'mnist', model: { hidden: 5 } }), {
    source: 'mnist',
    data: {},
    model: { hidden: 5 },
    fit: {},
  });
  const whole = {
    source: 'x.csv',
    data: { classes: [0, 2], limit: 9, gray: true, preprocessing: [{ kind: 'pca', epsilon: 0.1, components: 3 }] },
    model: { hidden: [4, 2], tied: [true, false], corruption: { kind: 'masking', fraction: 0.5 } },
    fit: { optimizer: { kind: 'adam', learningRate: 0.01 }, epochs: 3, batchSize: 5, seed: 8 },
    heldOut: 2,
  };
  assert.equal(parseRun(whole), whole);
});

const run = (more: object = {}) => ({ source: 'x.csv', model: { hidden: 5 }, ...more });
const wrong: [unknown, RegExp][] = [
  [null, /^run is null: it must be an object such as/],
  [3, /^run is 3: it must be an object/],
  [{}, /^run\.source is missing/],
  [{ source: 'x' }, /^run\.model is missing/],
  [run({ source: 5 }), /^run\.source is 5/],
  [run({ sauce: 1 }), /^run\.sauce is not a known key: the keys here are source, target, data, model, fit, heldOut/],
  [run({ heldOut: -1 }), /^run\.heldOut is -1/],
  [run({ model: {} }), /hidden is missing/],
  [run({ model: { hidden: 5, hiden: 1 } }), /hiden is not a known key/],
  [run({ model: { hidden: 3, sparsity: { kind: 'k-sparse', k: 4 } } }), /sparsity\.k is 4: the layer has 3 units/],
  [run({ model: { hidden: 3, corruption: { kind: 'masking', fraction: 1.2 } } }), /corruption\.fraction is 1\.2/],
  [run({ fit: { epochs: 0 } }), /epochs is 0/],
  [run({ fit: { epoch: 1 } }), /epoch is not a known key/],
  [run({ fit: { optimizer: { kind: 'lbfgs', iterations: 5 }, epochs: 2 } }), /epochs is 2 with optimizer lbfgs/],
  [run({ data: { limt: 1 } }), /limt is not a known key/],
  [run({ data: { limit: 0 } }), /limit is 0/],
  [run({ data: { classes: 3 } }), /classes is 3: it must be a list of class numbers/],
  [run({ data: { classes: [0.5] } }), /classes\.0 is 0\.5/],
  [run({ data: { preprocessing: [{ kind: 'wash' }] } }), /preprocessing\.0/],
  [run({ data: { patches: { size: 2 } } }), /patches\.count is missing/],
];

test('parseRun refuses what is no run in one line that names the key', async () => {
  for (const [given, message] of wrong) await assertRefused(() => parseRun(given), message);
});

test.run();
