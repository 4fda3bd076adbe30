import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, type Matrix, toFlat } from '../../src/array/matrix.ts';
import { applyPreprocessing } from '../../src/data/preprocessing/preprocessing.ts';
import { restore } from '../../src/data/preprocessing/restore.ts';
import { type LoadOptions, loadDictionary } from '../../src/dictionaries/index.ts';
import { deserializeModel, serializeModel } from '../../src/index.ts';
import type { SavedModel } from '../../src/training/model-file.ts';
import { dataFolder } from '../data/refused.ts';

// Trained dictionaries of other libraries against codes that NumPy computed: of RHOHAT_DATA alone.

interface Expected {
  readonly input: number[][];
  readonly codes: [index: number, value: number][][];
  readonly output: number[][];
  readonly shapes: { readonly d: number; readonly latents: number };
}

/** Same support, and every value within 1e-5 of the largest of its row. */
function assertAgrees(actual: Matrix, expected: readonly (readonly number[])[], name: string): void {
  const flat = toFlat(actual);
  const [rows, columns] = actual.shape;
  assert.is(rows, expected.length);
  for (let i = 0; i < rows; i++) {
    const most = Math.max(...expected[i].map(Math.abs));
    for (let j = 0; j < columns; j++) {
      const [a, b] = [flat[i * columns + j], expected[i][j]];
      assert.ok(Math.abs(a - b) <= 1e-5 * most, `${name}: ${a} for ${b} at ${i}, ${j}`);
      if (name.endsWith('codes')) assert.is(a !== 0, b !== 0, `${name}: ${a} for ${b} at ${i}, ${j}`);
    }
  }
}

async function assertExpected({ model, preprocessing }: SavedModel, expected: Expected, name: string): Promise<void> {
  const x = fromRows(expected.input, 'float32');
  const codes = await model.encode(applyPreprocessing(preprocessing, x));
  const dense = expected.codes.map((row) => {
    const full = new Array<number>(expected.shapes.latents).fill(0);
    for (const [index, value] of row) full[index] = value;
    return full;
  });
  assertAgrees(codes, dense, `${name}, codes`);
  assertAgrees(restore(preprocessing, x, await model.decode(codes)), expected.output, `${name}, output`);
  const whole = await model.reconstruct(applyPreprocessing(preprocessing, x));
  assertAgrees(restore(preprocessing, x, whole), expected.output, `${name}, reconstruction`);
}

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
      const expected: Expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
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
