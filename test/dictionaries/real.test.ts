import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type LoadOptions, loadDictionary } from '../../src/dictionaries/index.ts';
import { deserializeModel, serializeModel } from '../../src/index.ts';
import { dataFolder } from '../data/refused.ts';
import { assertExpected, type Expected } from './expected.ts';

// Trained dictionaries of other libraries against codes that NumPy computed: of RHOHAT_DATA alone.

const root = dataFolder;
const folders =
  root === undefined
    ? []
    : ['dictionaries', 'saelens'].flatMap((group) =>
        readdirSync(join(root, group))
          .map((name) => join(root, group, name))
          .filter((folder) => existsSync(join(folder, 'expected.json'))),
      );
const own: Record<string, LoadOptions> = {
  'sae-rf-classifier-topk': { preBias: true },
  'rumelhart-topk10': { preBias: false },
};

for (const folder of folders) {
  const name = folder.split('/').slice(-2).join('/');
  const files = Object.fromEntries(
    readdirSync(folder)
      .filter((file) => file !== 'expected.json')
      .map((file) => [file, new Uint8Array(readFileSync(join(folder, file)))]),
  );
  const weights = Object.keys(files).filter((file) => !file.endsWith('.json'));
  for (const file of weights) {
    test(`${name}, ${file}: codes and outputs of its library, saved and read again too`, async () => {
      const { codes, shapes, ...rest } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
      const dense = codes.map((row: [number, number][]) => {
        const full = new Array<number>(shapes.latents).fill(0);
        for (const [index, value] of row) full[index] = value;
        return full;
      });
      const expected: Expected = { ...rest, codes: dense };
      const loaded = await loadDictionary(files, { file, threads: 1, ...own[folder.split('/').at(-1) ?? ''] });
      await assertExpected(loaded, expected, name);
      const { model, preprocessing, metadata } = loaded;
      const again = await deserializeModel(await serializeModel(model, { preprocessing, metadata }), { threads: 1 });
      assert.equal(await again.model.parameters(), await model.parameters());
      assert.equal(again.metadata, metadata);
      await assertExpected(again, expected, name);
      again.model.dispose();
      model.dispose();
    });
  }
}

if (root === undefined) test.skip('dictionaries of other libraries: RHOHAT_DATA names no folder');

test.run();
