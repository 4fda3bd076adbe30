import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { parseConfig } from '../../src/model/config.ts';
import { fit } from '../../src/training/fit.ts';
import { createDeferredKernels } from '../support/deferred-kernels.ts';
import { assertRefused } from '../support/errors.ts';

const rows = (m: number, d: number) =>
  matrix(
    Float32Array.from({ length: m * d }, (_, i) => 0.5 + 0.4 * Math.sin(i * 1.7)),
    m,
    d,
  );
const configs = [
  { inputs: 9, hidden: 5 },
  { inputs: 64, hidden: [25, 3], precision: 'float64' },
  { inputs: 9, hidden: 17, sparsity: { kind: 'k-sparse', k: 3 } },
  { inputs: 9, hidden: 17, output: 'linear', center: true, sparsity: { kind: 'top-k', k: 3 } },
  { inputs: 9, hidden: 17, output: 'linear', sparsity: { kind: 'batch-top-k', k: 3 } },
  { inputs: 9, hidden: 17, output: 'linear', sparsity: { kind: 'gated', weight: 1 } },
  { inputs: 9, hidden: 4, corruption: { kind: 'masking', fraction: 0.5 } },
] as const;

test('encodeSync gives the bits of encode, for one example and for many', async () => {
  for (const config of configs) {
    const model = await Autoencoder.create({ seed: 1, ...config }, { threads: 1 });
    await fit(model, rows(40, config.inputs), { epochs: 2, batchSize: 10 });
    for (const m of [1, 2, 1024, 1025, 2500]) {
      const x = rows(m, config.inputs);
      assert.equal(model.encodeSync(x).data, (await model.encode(x)).data, `${JSON.stringify(config)}, ${m}`);
    }
    if (!('sparsity' in config) || config.sparsity.kind !== 'batch-top-k') {
      const x = rows(3, config.inputs);
      assert.equal(model.reconstructSync(x).data, (await model.reconstruct(x)).data);
    }
    const one = model.encodeSync([Array.from(rows(1, config.inputs).data)]);
    const again = one.data.slice();
    model.encodeSync(rows(1, config.inputs));
    assert.equal(one.data, again, 'what comes out belongs to the caller');
  }
});

test('encodeSync is refused while other calls are under way, of kernels that answer late, and for what is not allowed', async () => {
  const model = await Autoencoder.create({ inputs: 9, hidden: 5 });
  const x = rows(3, 9);
  const running = model.encode(x);
  await assertRefused(() => model.encodeSync(x), /^encodeSync was called while another call on the model is running/);
  await running;
  await assertRefused(() => model.encodeSync(rows(3, 8)), /^x has shape \(3, 8\)/);
  await assertRefused(() => model.encodeSync([[Number.NaN, 0, 0, 0, 0, 0, 0, 0, 0]]), /^x is NaN in row 0, column 0/);
  const late = Autoencoder.over(
    createDeferredKernels(createReferenceKernels('float64')),
    parseConfig({ inputs: 9, hidden: 5 }),
  );
  await assertRefused(
    () => late.encodeSync(x),
    'encodeSync was called, and kernels deferred reference answer later: use the method that gives a promise',
  );
  model.dispose();
  await assertRefused(() => model.encodeSync(x), /^the model is disposed/);
});

test('encodeSync says where values overflow', async () => {
  const model = await Autoencoder.create({ inputs: 2, hidden: 2, activation: 'linear', output: 'linear' });
  model.setParameters({ 'encoder.weight': matrix(new Float32Array(4).fill(3e38), 2, 2) });
  await assertRefused(
    () =>
      model.encodeSync([
        [0, 0],
        [9, 9],
      ]),
    /^the model gives Infinity for example 1: its values overflow/,
  );
});

test.run();
