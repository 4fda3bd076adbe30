import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { parseConfig } from '../../src/model/config.ts';
import { type DataSize, dictionaries } from '../../src/training/dictionaries.ts';
import { fit } from '../../src/training/fit.ts';
import { parseRun } from '../../src/training/run.ts';
import { randomView } from '../support/views.ts';

const size = (rows: number, inputs = 768): DataSize => ({ rows, inputs, deviation: 1 });
const topk = (rows: number, inputs?: number) => dictionaries.topk(size(rows, inputs));

test('dictionaries are runs as JSON, which parseRun takes without changing them, whatever the data', () => {
  for (const [name, preset] of Object.entries(dictionaries)) {
    for (const [rows, inputs] of [
      [1, 1],
      [40, 4],
      [20_000, 768],
      [1e9, 12_288],
    ]) {
      const run = { source: 'x.npy', data: {}, ...preset(size(rows, inputs)) };
      assert.equal(parseRun(JSON.parse(JSON.stringify(run))), run, name);
      const config = parseConfig({ ...run.model, inputs });
      assert.is(config.center, true, name);
      assert.is(config.initialization.kind, 'dictionary', name);
    }
  }
});

test('dictionaries have eight units for each input, of which one for sixteen inputs is on, at most 32', () => {
  assert.is(topk(20_000).model.hidden, 6144);
  for (const [inputs, k] of [
    [1, 1],
    [64, 4],
    [512, 32],
    [4096, 32],
  ])
    assert.equal(topk(1000, inputs).model.sparsity, { kind: 'top-k', k });
});

test('dictionaries of few examples know dead units after two epochs, those of more after a tenth of the run, at the most ten million examples', () => {
  const deadAfter = (rows: number) => topk(rows).model.auxiliary?.deadAfter;
  assert.equal([20_000, 400_000, 5_000_000, 1e9].map(deadAfter), [40_000, 80_000, 500_000, 10_000_000]);
  assert.is(dictionaries.topk({ ...size(4000), epochs: 1 }).model.auxiliary?.deadAfter, 800); // two batches
  assert.is(topk(20_000).model.auxiliary?.k, 384);
  assert.is(topk(20, 1).model.auxiliary?.k, 1);
});

test('dictionaries warm up, stay and go to 0 over the last fifth', () => {
  const { optimizer, epochs = 0, batchSize = 0 } = topk(20_000).fit;
  assert.ok(optimizer?.kind === 'adam' && typeof optimizer.learningRate === 'object');
  const { kind, warmup = 0 } = optimizer.learningRate;
  assert.is(kind, 'trapezoid');
  assert.ok(warmup > 0 && warmup < (epochs * 20_000) / batchSize / 10);
  assert.is(topk(1e9).fit.epochs, 1);
});

test("AuxK weighs a thirty-second of the reconstruction of nothing, ½V, whatever the data's scale", () => {
  const weight = (deviation: number) => dictionaries.topk({ ...size(1000, 64), deviation }).model.auxiliary?.weight;
  assert.equal([1, 10].map(weight), [1, 100]); // V = 64, 6400
});

test('the threshold of BatchTopK follows the last twentieth of a short run', () => {
  const rate = (rows: number) => (dictionaries['batch-topk'](size(rows)).model.sparsity as { rate?: number }).rate;
  assert.equal([100, 4000, 1e9].map(rate), [0.1, 0.04, undefined]);
});

test('prefixes of matryoshka rise to the hidden units, however few there are', () => {
  const prefixes = (hidden: number) => dictionaries.matryoshka({ ...size(1000, 16), hidden }).model.prefixes;
  assert.equal(prefixes(4096), [256, 512, 1024, 2048, 4096]);
  assert.equal(prefixes(3), [1, 3]);
  assert.equal(prefixes(1), [1]);
});

test('penalties and thresholds are in units of the data', () => {
  const [one, ten] = [1, 10].map(
    (deviation) => dictionaries['jump-relu']({ ...size(1000, 64), deviation }).model.sparsity,
  );
  assert.equal(one, {
    kind: 'jump-relu',
    bandwidth: 1.6,
    threshold: 1.6,
    penalty: { kind: 'target-l0', weight: 32, target: 4 },
  });
  assert.equal(ten, {
    kind: 'jump-relu',
    bandwidth: 16,
    threshold: 16,
    penalty: { kind: 'target-l0', weight: 3200, target: 4 },
  });
});

for (const [name, preset] of Object.entries(dictionaries)) {
  test(`dictionaries: ${name} lowers its error on examples far from 0, in small`, async () => {
    const x = randomView(300, 16, 'rows', 'float32', 1, 4, 6);
    const { model, fit: options } = preset({ rows: 300, inputs: 16, deviation: 0.58, epochs: 30 });
    const own = await Autoencoder.create({ ...model, inputs: 16, hidden: 32, prefixes: model.prefixes && [8, 32] });
    const { history } = await fit(own, x, options);
    const [first, last] = [history[0].terms.reconstruction, history[29].terms.reconstruction];
    assert.ok(last < 0.95 * first, `${first} → ${last}`);
  });
}

test.run();
