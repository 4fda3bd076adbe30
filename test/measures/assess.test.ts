import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { Autoencoder, inspect, measure } from '../../src/index.ts';
import { assess } from '../../src/measures/assess.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { uniforms } from '../support/views.ts';

const d = 12;
const x = matrix(Float32Array.from(uniforms(1100 * d, 4), Math.abs), 1100, d);

const kSparse = (alpha: number): AutoencoderConfig => ({
  inputs: d,
  hidden: [9, 7],
  seed: 3,
  output: 'linear',
  sparsity: { kind: 'k-sparse', k: 3, alpha },
});
const models: Record<string, AutoencoderConfig> = {
  sigmoid: { inputs: d, hidden: 7, seed: 1 },
  'cross-entropy of a noisy input': {
    ...{ inputs: d, hidden: 7, seed: 2, loss: 'cross-entropy' },
    corruption: { kind: 'masking', fraction: 0.3 },
  },
  'k-sparse, encoding with more units': kSparse(2),
  'k-sparse, encoding with fewer': kSparse(0.4),
  'k-sparse, encoding alike': kSparse(1),
  'k-sparse below the code': { ...kSparse(2), sparsity: { kind: 'k-sparse', k: 3, alpha: 2, layer: 0 } },
  'batch-top-k': { inputs: d, hidden: 20, seed: 4, sparsity: { kind: 'batch-top-k', k: 2 } },
};

for (const [name, config] of Object.entries(models)) {
  test(`one pass gives metrics and statistics of the codes: ${name}`, async () => {
    const model = await Autoencoder.create(config, { deterministic: true });
    const { metrics, inspection } = await assess(model, x);
    assert.equal(metrics(), await measure(model, x));
    assert.equal(inspection(), await inspect(model, x));
    // By the public methods: codes as encoding gives them, outputs as training does.
    const codes = Array.from((await model.encode(x)).data);
    const outputs = Array.from((await model.reconstruct(x)).data);
    assert.is(inspection().l0, codes.filter((a) => a !== 0).length / 1100);
    const squared = outputs.reduce((sum, y, i) => sum + (y - x.data[i]) ** 2, 0) / 1100;
    assert.ok(Math.abs(metrics().squaredError - squared) < 1e-9 * squared);
  });
}

test('where outputs overflow, the statistics of the codes are there; where codes do, neither', async () => {
  const model = await Autoencoder.create({ inputs: d, hidden: 5, output: 'linear', activation: 'linear', seed: 1 });
  model.setParameters({ 'decoder.weight': matrix(new Float32Array(5 * d).fill(3e38), 5, d) });
  const { metrics, inspection } = await assess(
    model,
    matrix(
      x.data.map((value) => 9 * value),
      1100,
      d,
    ),
  );
  assert.throws(metrics, /the model gives .* for example/);
  assert.is(inspection().examples, 1100);
  model.setParameters({ 'encoder.weight': matrix(new Float32Array(5 * d).fill(3e38), 5, d) });
  const none = await assess(model, x);
  assert.throws(none.metrics, /the model gives Infinity for example 0/);
  assert.throws(none.inspection, /the model gives Infinity for example 0/);
});

test('a target that does not fit leaves the statistics of the codes', async () => {
  const model = await Autoencoder.create({ inputs: d, hidden: 5, seed: 1 });
  const { metrics, inspection } = await assess(model, x, { target: matrix(new Float32Array(3 * d), 3, d) });
  assert.throws(metrics, /options\.target/);
  assert.is(inspection().examples, 1100);
});

test.run();
