import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readPeers } from '../../bench/reproduce/beside.ts';
import { FIGURES, figuresPage } from '../../bench/reproduce/figures-page.ts';
import { page } from '../../bench/reproduce/page.ts';
import { readRecords } from '../../bench/reproduce/read-records.ts';
import { rows } from '../../bench/reproduce/rows/index.ts';

/** The figures and tables that are to be reproduced. */
const NAMES = [
  'cs294a',
  'ufldl-mnist',
  'self-taught',
  'stacked',
  'colour',
  'k-sparse',
  'k-sparse-sgd',
  'k-sparse-long',
  'k-sparse-finetuned',
  'denoising',
  'contractive',
  'pretraining',
  'deep-autoencoder',
  'linear-pca',
  'swiss-roll',
  'penalties',
  'dictionary-toys',
  'synth-sae-bench-small',
  'synth-sae-bench',
];

test('rows: their names are those that are asked for, each once, and say what they repeat', () => {
  const names = rows.map(({ name }) => name);
  assert.is(new Set(names).size, names.length);
  assert.equal(
    names.filter((name) => !NAMES.includes(name)),
    [],
  );
  for (const { title, published, setup } of rows) assert.ok(title && published.length > 20 && setup);
});

test('rows: every file of that name is one of them', () => {
  const files = readdirSync('bench/reproduce/rows').map((file) => file.replace(/\.ts$/, ''));
  const known = rows.map(({ name }) => name);
  assert.equal(
    files.filter((file) => NAMES.includes(file) && !known.includes(file)),
    [],
  );
});

test('rows: the pages are what the records make of them', async () => {
  const records = await readRecords('docs');
  assert.ok(records.size > 0);
  assert.is(
    readFileSync('docs/results.md', 'utf8'),
    page(rows, records, await readPeers('docs')),
    'run npm run reproduce -- --page',
  );
  assert.is(readFileSync(`docs/${FIGURES.path}`, 'utf8'), figuresPage(records));
});

test.run();
