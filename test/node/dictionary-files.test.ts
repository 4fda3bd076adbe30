import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openDictionary } from '../../src/node/dictionary-files.ts';
import { assertRefused } from '../support/errors.ts';

const made = JSON.parse(readFileSync('test/dictionaries/fixtures/dictionaries.json', 'utf8'));
const root = mkdtempSync(join(tmpdir(), 'rhohat-dictionaries-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

/** A folder with the files of a made dictionary. */
function folderOf(name: string): string {
  for (const [path, text] of Object.entries<string>(made[name].files)) {
    const file = join(root, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Buffer.from(text, 'base64'));
  }
  return join(root, name);
}

test('a dictionary is opened by its folder, or by its weights, whose folder has the configs', async () => {
  for (const [name, file] of [
    ['saelens-topk-norms', 'sae_weights.safetensors'],
    ['llama-scope', 'checkpoints/final.safetensors'],
    ['dictionary-learning-gated', 'checkpoints/ae_100.pt'],
    ['openai', '8.pt'],
  ]) {
    const folder = folderOf(name);
    const [one, other] = [
      await openDictionary(folder, { threads: 1 }),
      await openDictionary(join(folder, file), { threads: 1 }),
    ];
    assert.equal(await one.model.parameters(), await other.model.parameters());
    assert.equal(one.notes, other.notes);
    one.model.dispose();
    other.model.dispose();
  }
});

test('what cannot be opened is refused in one line that names the path', async () => {
  await assertRefused(() => openDictionary(join(root, 'nowhere')), /nowhere: there is no such file or folder/);
  const folder = folderOf('sparsify');
  writeFileSync(join(folder, 'other.pt'), 'x');
  await assertRefused(
    () => openDictionary(folder),
    /sparsify: there are several files of weights \("other.pt", "sae.safetensors"\)/,
  );
  await assertRefused(() => openDictionary(join(folder, 'other.pt')), /other.pt: it is no file of weights/);
  const { model } = await openDictionary(join(folder, 'sae.safetensors'), { threads: 1 });
  model.dispose();
  writeFileSync(join(folder, 'empty.pt'), '');
  await assertRefused(() => openDictionary(join(folder, 'empty.pt')), /empty.pt: it is empty/);
  mkdirSync(join(root, 'none'));
  await assertRefused(() => openDictionary(join(root, 'none')), /none: there are no weights/);
});

test.run();
