import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, rowRange } from '../../src/array/matrix.ts';
import type { RowSource } from '../../src/data/row-source.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { fit } from '../../src/training/fit.ts';
import { assertRefused } from '../support/errors.ts';
import { uniforms } from '../support/views.ts';

const source = (seed: number): RowSource => {
  const x = matrix(Float32Array.from(uniforms(50 * 6, seed, 0.1, 0.9)), 50, 6);
  return { shape: [50, 6], read: async (begin, end) => rowRange(x, begin, end) };
};
const create = () => Autoencoder.create({ inputs: 6, hidden: 4, seed: 1 }, { threads: 1 });
const options = { epochs: 3, batchSize: 15, optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 } } as const;

test('a run on a source that is resumed after any step ends with the bits of an uninterrupted one', async () => {
  const whole = await create();
  const saved: Uint8Array[] = [];
  await fit(whole, source(1), {
    ...options,
    checkpoint: { every: 1, save: (bytes) => void saved.push(bytes.slice()) },
  });
  assert.ok(saved.length >= 11);
  for (const resume of saved) {
    const model = await create();
    await fit(model, source(1), { ...options, resume });
    assert.equal(model.engine.kernels.copyOut(model.engine.theta), whole.engine.kernels.copyOut(whole.engine.theta));
    model.dispose();
  }
  const other = await create();
  await assertRefused(() => fit(other, source(2), { ...options, resume: saved[0] }), /data|hash|x /);
});

test.run();
