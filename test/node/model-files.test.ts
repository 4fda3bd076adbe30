import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { loadClassifier, loadModel, saveModel } from '../../src/node/model-files.ts';
import { inScratch } from '../cli/command.ts';
import { assertRefused } from '../support/errors.ts';

test('a model is saved and loaded; a folder that is not there is named', () =>
  inScratch(async (folder) => {
    const model = await Autoencoder.create({ inputs: 3, hidden: 2 });
    await saveModel(join(folder, 'a.safetensors'), model);
    assert.equal(await (await loadModel(join(folder, 'a.safetensors'))).model.parameters(), await model.parameters());
    await assertRefused(
      () => saveModel(join(folder, 'nodir', 'a.safetensors'), model),
      /nodir.a\.safetensors cannot be written: the folder .*nodir does not exist: create it$/,
    );
    await assertRefused(() => saveModel('', model), / cannot be written: .*; choose another place$/);
  }));

test('what is no model file is said to be none, first of all', () =>
  inScratch(async (folder) => {
    const path = join(folder, 'f.png');
    writeFileSync(path, encode({ width: 2, height: 2, channels: 1, data: new Uint8Array(4) }));
    for (const load of [loadModel, loadClassifier]) {
      await assertRefused(
        () => load(path),
        /f\.png: it is no safetensors file, or was cut: it has \d+ bytes and announces/,
      );
    }
  }));

test.run();
