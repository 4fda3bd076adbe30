import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, type Matrix } from '../../src/array/matrix.ts';
import { applyPreprocessing } from '../../src/data/preprocessing/preprocessing.ts';
import { restore } from '../../src/data/preprocessing/restore.ts';
import {
  type DictionaryFormat,
  dictionaryFormats,
  exportDictionary,
  type LoadOptions,
  loadDictionary,
} from '../../src/dictionaries/index.ts';
import type { SavedModel } from '../../src/training/model-file.ts';
import { dataFolder } from '../data/refused.ts';
import { codesIn, exportedCases, madeCase } from './exported-cases.ts';
import { assertRows } from './rows-agree.ts';

// Ours as files, and files as ours again: the same codes, the same bits where nothing is folded, the same files once more.

/** Codes, and outputs in the units of x. */
async function computed({ model, preprocessing }: SavedModel, x: Matrix): Promise<[codes: Matrix, outputs: Matrix]> {
  const rows = applyPreprocessing(preprocessing, x, model.config.precision);
  const made = await model.reconstruct(rows);
  const { targets, inputs, skip } = model.config;
  return [await model.encode(rows), targets !== inputs || skip ? made : restore(preprocessing, x, made)];
}

/** Bits of every parameter but θ, which is θ or its logarithm. */
async function bitsOf({ model }: SavedModel): Promise<Record<string, Uint8Array>> {
  const parameters = Object.entries(await model.parameters()).filter(([name]) => name !== 'encoder.threshold');
  return Object.fromEntries(
    parameters.map(([name, { data, offset, size }]) => [
      name,
      new Uint8Array(data.slice(offset, offset + size).buffer),
    ]),
  );
}

const WEIGHTS: Readonly<Record<DictionaryFormat, string>> = {
  saelens: 'sae_weights.safetensors',
  npz: 'params.npz',
  'dictionary-learning': 'ae.pt',
};

test('what is written is read again: the same codes and outputs, and the same file once more', async () => {
  let same = 0;
  for (const given of exportedCases) {
    const made = await madeCase(given);
    for (const format of Object.keys(given.architectures) as DictionaryFormat[]) {
      const what = `${given.name} as ${format}`;
      const { files, architecture } = await exportDictionary(made.saved, { format });
      const back = await loadDictionary(Object.fromEntries(files), { threads: 1 });
      const [codes, outputs] = await computed(back, made.rows);
      assertRows(codes.data, codesIn(format, made), codes.shape[1], `codes of ${what}`, true);
      assertRows(outputs.data, made.outputs.data, outputs.shape[1], `outputs of ${what}`);
      // A threshold of all is one of each when it comes back, and other files are float32.
      const again = await exportDictionary(back, { format });
      if (again.architecture === architecture && given.config.precision !== 'float64') {
        assert.equal(again.files.get(WEIGHTS[format]), files.get(WEIGHTS[format]), what);
        same++;
      }
      back.model.dispose();
    }
    made.saved.model.dispose();
  }
  assert.ok(same > 35);
});

test('where nothing is folded, every weight comes back with its bits', async () => {
  let whole = 0;
  for (const given of exportedCases) {
    const { preprocessing, scaled = [], config } = given;
    const moved = (format: DictionaryFormat) =>
      scaled.includes(format) || (format !== 'saelens' && (config.center ?? false) === (format === 'npz'));
    if (preprocessing?.some(({ kind }) => !kind.endsWith('-norm')) || config.precision === 'float64') continue;
    const { saved } = await madeCase(given);
    for (const format of Object.keys(given.architectures) as DictionaryFormat[]) {
      if (moved(format) || config.center === 'geometric-median') continue;
      const { files } = await exportDictionary(saved, { format });
      const back = await loadDictionary(Object.fromEntries(files), { threads: 1 });
      assert.equal(await bitsOf(back), await bitsOf(saved), `${given.name} as ${format}`);
      whole++;
      back.model.dispose();
    }
    saved.model.dispose();
  }
  assert.ok(whole >= 10, `${whole}`);
});

test('what an import says of its origin goes into the export', async () => {
  const { saved } = await madeCase(exportedCases[2], { model_name: 'gpt2', hook_name: 'h.3', context_size: '64' });
  const { files } = await exportDictionary(saved, { format: 'saelens' });
  const back = await loadDictionary(Object.fromEntries(files), { threads: 1 });
  const json = async (format: DictionaryFormat, name: string) =>
    JSON.parse(new TextDecoder().decode((await exportDictionary(back, { format })).files.get(name)));
  const { metadata } = await json('saelens', 'cfg.json');
  assert.equal([metadata.model_name, metadata.hook_name, metadata.context_size], ['gpt2', 'h.3', 64]);
  const { trainer } = await json('dictionary-learning', 'config.json');
  assert.equal([trainer.lm_name, trainer.submodule_name, trainer.layer], ['gpt2', 'h.3', 3]);
});

// Trained dictionaries of others, of RHOHAT_DATA alone.
const root = dataFolder && existsSync(join(dataFolder, 'dictionaries')) ? dataFolder : undefined;
const folders = ['dictionaries', 'saelens'].flatMap((group) =>
  root === undefined || !existsSync(join(root, group))
    ? []
    : readdirSync(join(root, group)).map((name) => join(root, group, name)),
);
const own: Readonly<Record<string, LoadOptions>> = {
  'sae-rf-classifier-topk': { preBias: true },
  'rumelhart-topk10': { preBias: false },
};

const withData = root === undefined ? test.skip : test;
withData('trained dictionaries of others are written, read again, and compute the same', async () => {
  let written = 0;
  for (const folder of folders.filter((path) => existsSync(join(path, 'expected.json')))) {
    const names = readdirSync(folder).filter((name) => name !== 'expected.json');
    const files = Object.fromEntries(names.map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]));
    const { input } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
    const x = fromRows(input, 'float32');
    const file = names.find((name) => !name.endsWith('.json'));
    const loaded = await loadDictionary(files, { file, threads: 1, ...own[folder.split('/').at(-1) ?? ''] });
    const [codes, outputs] = await computed(loaded, x);
    for (const format of dictionaryFormats) {
      if (format !== 'saelens' && loaded.preprocessing.length > 0) continue; // norms of rows
      const exported = await exportDictionary(loaded, { format });
      const back = await loadDictionary(Object.fromEntries(exported.files), { threads: 1 });
      const [again, made] = await computed(back, x);
      const what = `${folder} as ${format}`;
      if (!exported.notes.some((note) => note.includes('‖D‖')))
        assertRows(again.data, codes.data, codes.shape[1], `codes of ${what}`, true);
      assertRows(made.data, outputs.data, outputs.shape[1], `outputs of ${what}`);
      written++;
      back.model.dispose();
    }
    loaded.model.dispose();
  }
  assert.ok(written >= 25, `${written}`);
});

test.run();
