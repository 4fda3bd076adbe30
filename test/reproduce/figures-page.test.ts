import { existsSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { figuresPage } from '../../bench/reproduce/figures-page.ts';
import type { Record_ } from '../../bench/reproduce/record.ts';
import { rows } from '../../bench/reproduce/rows/index.ts';
import { seedFigures } from '../../bench/reproduce/seed-figures.ts';

const recordOf = (name: string): Record_ => JSON.parse(readFileSync(`docs/results/${name}.json`, 'utf8'));

test('figures: each names a row, pictures that it draws and figures that it measures', () => {
  for (const { title, row, files, numbers } of seedFigures) {
    assert.ok(
      rows.some(({ name }) => name === row),
      `${title}: ${row}`,
    );
    const record = recordOf(row);
    for (const file of files)
      assert.ok(
        record.pictures.some((drawn) => drawn.file === file),
        `${title}: ${file}`,
      );
    for (const what of Object.keys(numbers)) {
      assert.ok(
        record.figures.some((figure) => figure.what === what),
        `${title}: ${what}`,
      );
    }
  }
});

test('figures: a section for each, theirs in words, ours as pictures and numbers; none of rows that were not run', () => {
  const text = figuresPage(new Map([['cs294a', recordOf('cs294a')]]));
  assert.is(text.split('\n## ').length, 2);
  const section = text.split('\n## ')[1];
  for (const part of ['**Theirs:** ', '<img src="./cs294a-features.png" width="420" alt="The input', '**Ours:** '])
    assert.ok(section.includes(part), section);
  assert.match(section, /In numbers: cost 0\.\d+ ± [^;]*; trained in .*\. \[`cs294a`\]\(\.\.\/results\.md#cs294a\)/);
});

test('docs/results/figures.md: it is what the records give, and its pictures lie beside it', () => {
  const text = readFileSync('docs/results/figures.md', 'utf8');
  const names = [...new Set(seedFigures.map(({ row }) => row))];
  assert.is(text, figuresPage(new Map(names.map((name) => [name, recordOf(name)]))));
  const pictures = [...text.matchAll(/<img src="([^"]*)"/g)].map(([, path]) => path);
  assert.ok(pictures.length > 15);
  for (const path of pictures) assert.ok(existsSync(`docs/results/${path}`), path);
});

test.run();
