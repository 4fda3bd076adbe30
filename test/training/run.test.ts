import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseConfig } from '../../src/model/config.ts';
import { planFit } from '../../src/training/options.ts';
import { presets } from '../../src/training/presets.ts';
import { parseDataPlan } from '../../src/training/run.ts';

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

test.run();
