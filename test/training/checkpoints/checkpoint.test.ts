import { createHash } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, vector } from '../../../src/array/matrix.ts';
import { writeSafetensors } from '../../../src/data/formats/safetensors.ts';
import { InputError } from '../../../src/errors.ts';
import {
  type Checkpoint,
  deserializeCheckpoint,
  serializeCheckpoint,
} from '../../../src/training/checkpoints/checkpoint.ts';
import { assertRefused, errorOf } from '../../support/errors.ts';

const checkpoint: Checkpoint = {
  rhohat: '0.1.0',
  kernels: 'simd',
  model: { inputs: 2 },
  plan: { optimizer: { kind: 'adam', learningRate: 1e-3 }, epochs: 4, batchSize: 2, seed: 1 },
  data: {
    examples: {
      shape: [3, 2],
      unit: 255,
      type: 'u1',
      hash: '00',
      parts: [{ name: 'a.npy', stamp: '134 bytes, 1, 2', hash: null }],
    },
    heldOut: { shape: [1, 2], unit: 1, type: 'f4', hash: '01' },
  },
  position: {
    before: 3,
    step: 5,
    batch: 1,
    converged: null,
    seconds: 1.5,
    sums: { reconstruction: 0.1 + 0.2, sparsity: 1e-300 },
    examples: 2,
    history: [
      { epoch: 1, step: 2, cost: 1 / 3, terms: { reconstruction: 1 / 3, sparsity: 0 }, validation: Number.NaN },
      { epoch: 2, step: 4, cost: Math.PI, terms: { reconstruction: -0, sparsity: 5e-324 }, validation: 1 },
    ],
  },
  theta: Float32Array.of(1, -0, 1e-45),
  kept: { theta: Float32Array.of(3, 2, -0), state: { 'code.threshold': vector(Float64Array.of(1 / 3)) } },
  state: {
    'code.averageActivation': vector(Float64Array.of(0.1 + 0.2, -0, 5e-324)),
    'rule.0.own.table': matrix(Float64Array.of(1 / 3, 2, 3, 4, 5, Number.POSITIVE_INFINITY), 2, 3),
  },
  optimizer: { step: Float64Array.of(5), first: Float32Array.of(1, 2, 3), second: Float32Array.of(0, Infinity, 3e38) },
};

test('a checkpoint comes back from its bytes as it was, and the same checkpoint gives the same bytes', async () => {
  const bytes = await serializeCheckpoint(checkpoint);
  const back = await deserializeCheckpoint(bytes);
  assert.equal(back, checkpoint);
  assert.ok(Object.is(back.theta[1], -0));
  assert.equal(await serializeCheckpoint(back), bytes);
  const fresh = { ...checkpoint, position: { ...checkpoint.position, history: [] } };
  assert.equal(await deserializeCheckpoint(await serializeCheckpoint(fresh)), fresh);
});

test('a checkpoint that differs by any one bit, or ends anywhere too soon, is refused', async () => {
  const bytes = await serializeCheckpoint(checkpoint);
  const damaged = new Uint8Array(bytes);
  for (let i = 0; i < bytes.length; i++) {
    for (let bit = 0; bit < 8; bit++) {
      damaged[i] ^= 1 << bit;
      const error = await errorOf(() => deserializeCheckpoint(damaged));
      assert.ok(error instanceof InputError && /damaged/.test(error.message), `bit ${bit} of byte ${i}: ${error}`);
      damaged[i] = bytes[i];
    }
    await assertRefused(() => deserializeCheckpoint(bytes.subarray(0, i)), /^checkpoint: .*damaged/);
  }
  await assertRefused(() => deserializeCheckpoint(Uint8Array.from([...bytes, 0])), /checksum/);
});

test('files of other kinds, and of another version of the format, are told apart', async () => {
  const model = writeSafetensors(new Map(), { format: 'rhohat', version: '1' });
  await assertRefused(
    () => deserializeCheckpoint(model),
    'checkpoint: it does not begin as one: it is damaged, or another file',
  );
  await assertRefused(() => deserializeCheckpoint(new Uint8Array(0)), /^checkpoint: it does not begin as one/);
  // Version 1, whose fingerprints passed over held-out examples and most rows of a source.
  const older = Buffer.from(await serializeCheckpoint(checkpoint));
  older[older.indexOf('"version":"2"') + '"version":"'.length] = 0x31;
  const at = older.indexOf('"checksum":"') + '"checksum":"'.length;
  older.fill('0', at, at + 64).write(createHash('sha256').update(older).digest('hex'), at);
  await assertRefused(
    () => deserializeCheckpoint(older),
    'checkpoint: its version is "1", this rhohat reads 2: go on with the rhohat that wrote it',
  );
});

test('a θ that is not finite is refused', async () => {
  const bytes = await serializeCheckpoint({ ...checkpoint, theta: Float32Array.of(1, NaN, 1) });
  await assertRefused(() => deserializeCheckpoint(bytes), /^checkpoint: tensor "theta" must hold finite floats/);
});

test.run();
