import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toFlat } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { Group } from '../../src/model/group.ts';
import { loadModel, saveModel } from '../../src/node/model-files.ts';
import { fit } from '../../src/training/fit.ts';
import { deserializeModel, serializeModel } from '../../src/training/model-file.ts';
import { sharedConfigs } from '../support/shared-latents.ts';
import { splitGroups } from '../support/split-group.ts';
import { randomView } from '../support/views.ts';

// A model whose latents processes share is saved as the whole model is, and loaded by any number of them.

const x = randomView(23, 9, 'rows', 'float64', 3);
const attachments = { metadata: { about: 'a test' } };

let folder = '';
test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rhohat-latents-'));
});
test.after(() => rm(folder, { recursive: true }));

const create = (name: string, precision: 'float32' | 'float64', latents?: Group) =>
  Autoencoder.create({ inputs: 9, hidden: 21, precision, ...sharedConfigs[name] }, { latents });

test('the file has the bytes of that of the whole model, whatever the number of processes', async () => {
  for (const name of Object.keys(sharedConfigs)) {
    for (const precision of ['float32', 'float64'] as const) {
      const whole = await serializeModel(await create(name, precision), attachments);
      for (const size of [1, 2, 3]) {
        const path = join(folder, 'model.safetensors');
        const saved = splitGroups(size).map(async (group) => {
          const model = await create(name, precision, group);
          await saveModel(path, model, attachments);
          return serializeModel(model, attachments);
        });
        for (const bytes of [...(await Promise.all(saved)), await readFile(path)]) {
          assert.is(bytes.length, whole.length);
          assert.is(
            whole.findIndex((byte, i) => byte !== bytes[i]),
            -1,
            `${name} in ${precision} on ${size}`,
          );
        }
      }
    }
  }
});

test('what two processes trained and saved is loaded whole, and by three', async () => {
  for (const name of ['batch-top-k, aux-k of openai', 'top-k, aux-k, unit norm']) {
    const path = join(folder, 'trained.safetensors');
    const codes = await Promise.all(
      splitGroups(2).map(async (group) => {
        const model = await create(name, 'float32', group);
        await fit(model, x, { epochs: 3, batchSize: 10 });
        await saveModel(path, model, attachments);
        return toFlat(await model.encode(x));
      }),
    );
    const { model: whole, metadata } = await loadModel(path);
    assert.equal(metadata, attachments.metadata);
    const parts = await Promise.all(
      splitGroups(3).map(async (latents) => {
        const { model } = await deserializeModel(await readFile(path), { latents });
        return { codes: await model.encode(x), state: await model.state(), out: await model.reconstruct(x) };
      }),
    );
    const all = await whole.encode(x);
    for (let i = 0; i < 23; i++) {
      const row = [...toFlat(all)].slice(21 * i, 21 * (i + 1));
      assert.equal(
        parts.flatMap((part) => [...toFlat(part.codes)].slice(7 * i, 7 * (i + 1))),
        row,
        `row ${i} of ${name}`,
      );
      const own = [...codes[0].subarray(10 * i, 10 * (i + 1)), ...codes[1].subarray(11 * i, 11 * (i + 1))];
      assert.equal(own, row);
    }
    const state = await whole.state();
    for (const part of parts)
      for (const name of ['code.threshold'].filter((key) => key in state))
        assert.equal([...toFlat(part.state[name])], [...toFlat(state[name])]);
  }
});

test('where the first process cannot write, every process hears of it', async () => {
  const errors = await Promise.all(
    splitGroups(3).map(async (group) => {
      const model = await create('top-k', 'float32', group);
      const error = await saveModel(join(folder, 'no', 'model.safetensors'), model).catch((thrown: Error) => thrown);
      assert.is((await model.encode(x)).shape[1], 7); // and the model stays usable
      return error;
    }),
  );
  assert.match((errors[0] as Error).message, /no does not exist: create it/);
  for (const error of errors.slice(1)) assert.match((error as Error).message, /^process 0, which shares .* failed/);
});

test.run();
