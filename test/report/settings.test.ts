import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { differingSettings, flatSettings } from '../../src/report/settings.ts';
import { presets } from '../../src/training/presets.ts';
import { parseRun, type Run } from '../../src/training/run.ts';

const base: Run = { source: 'a.csv', data: {}, model: { hidden: 4 }, fit: {} };

test('keys are those of the config, values its text', () => {
  const flat = flatSettings({
    ...base,
    model: { hidden: [8, 4], sparsity: { kind: 'kl', target: 0.1, weight: 3 }, seed: 7 },
    fit: { optimizer: { kind: 'sgd', learningRate: { kind: 'linear', from: 0.1, to: 0 } }, epochs: 5 },
    data: { table: { columns: ['a', 'b,c'] }, preprocessing: [{ kind: 'zca', epsilon: 0.1 }] },
  });
  assert.is(flat.source, 'a.csv');
  assert.is(flat['model.hidden'], '8,4');
  assert.is(flat['model.sparsity.kind'], 'kl');
  assert.is(flat['model.sparsity.weight'], '3');
  assert.is(flat['model.sparsity.average'], '0');
  assert.is(flat['fit.optimizer.learningRate.from'], '0.1');
  assert.is(flat['fit.epochs'], '5');
  assert.is(flat['fit.seed'], '7');
  assert.is(flat['data.table.columns'], '["a","b,c"]');
  assert.is(flat['data.preprocessing.0.epsilon'], '0.1');
  assert.is(flat['model.inputs'], undefined);
});

test('runs that do the same have the same settings', () => {
  const atLength: Run = {
    ...base,
    model: { hidden: [4], activation: ['sigmoid'], tied: [false], weightDecay: 0, sparsity: null, seed: 1 },
    fit: {
      optimizer: { kind: 'adam', learningRate: { kind: 'constant', value: 1e-3 }, beta1: 0.9 },
      epochs: 10,
      batchSize: 100,
      seed: 1,
      keep: 'last',
      rules: [],
    },
    data: { preprocessing: [] },
    heldOut: 0,
  };
  assert.equal(flatSettings(atLength), flatSettings(base));
  assert.equal(differingSettings([base, atLength]), []);
});

test('a k that falls does so over a half where nobody says', () => {
  const of = (more: object): Run => ({ ...base, model: { hidden: 4, sparsity: { kind: 'top-k', k: 1, ...more } } });
  assert.equal(differingSettings([of({ annealFrom: 3 }), of({ annealFrom: 3, annealOver: 0.5 })]), []);
  assert.equal(
    differingSettings([of({ annealFrom: 3 }), of({ annealFrom: 2 })]).map(({ key }) => key),
    ['model.sparsity.annealFrom'],
  );
  assert.is(flatSettings(of({}))['model.sparsity.annealOver'], undefined);
});

test('what differs is named, what a run has not is null, and seeds that go together are one', () => {
  const runs = [1, 2].map((seed): Run => ({ ...base, model: { ...base.model, seed }, fit: { seed } }));
  assert.equal(differingSettings(runs), [{ key: 'seed', values: ['1', '2'] }]);
  assert.equal(differingSettings([base, { ...base, fit: { seed: 2 } }]), [{ key: 'fit.seed', values: ['1', '2'] }]);
  const l1: Run = { ...base, model: { hidden: 4, sparsity: { kind: 'l1', weight: 0.5 } } };
  const found = Object.fromEntries(differingSettings([base, l1]).map(({ key, values }) => [key, values]));
  assert.equal(found['model.sparsity.kind'], ['none', 'l1']);
  assert.equal(found['model.sparsity.weight'], [null, '0.5']);
  assert.is(found['model.hidden'], undefined);
});

test('an optimizer of the whole set has iterations, and no epochs', () => {
  const flat = flatSettings(presets.cs294a);
  assert.is(flat['fit.optimizer.iterations'], '400');
  assert.is(flat['fit.epochs'], undefined);
  assert.is(flat['fit.batchSize'], undefined);
});

test('every preset has settings, and equals itself as its file holds it', () => {
  for (const [name, run] of Object.entries(presets)) {
    assert.equal(differingSettings([run, parseRun(JSON.parse(JSON.stringify(run)))]), [], name);
  }
});

test.run();
