import { existsSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { page, type Record_ } from '../../bench/reproduce/page.ts';
import type { Figure, Outcome, Row } from '../../bench/reproduce/row.ts';
import { rows } from '../../bench/reproduce/rows/index.ts';

const row = (name: string): Row => ({
  name,
  title: `The title of ${name}`,
  published: 'what a paper says',
  setup: 'the same',
  run: async () => ({ figures: [], pictures: [], remarks: [] }),
});

const accuracy: Figure = {
  what: 'digits right',
  unit: '%',
  published: 97.6,
  ours: [97.5, 97.6, 97.7],
  target: { atLeast: 97.6 },
};

const record = (outcome: Partial<Outcome>): Record_ => ({
  name: 'one',
  command: 'npm run reproduce -- one',
  seconds: 75,
  machine: '2 cores',
  by: ['simd, 2 threads, Node 20.20.2'],
  date: '2026-01-01',
  figures: [accuracy],
  pictures: [],
  remarks: [],
  ...outcome,
});

const pageOf = (outcome: Partial<Outcome>) => page([row('one')], new Map([['one', record(outcome)]]));

test('page: mean ± standard deviation, ratio and what was asked stand in the table of a row and of all', () => {
  const text = pageOf({});
  const cells = '| digits right | 97.6% | 97.60 ± 0.10% (97.50, 97.60, 97.70) |';
  assert.ok(text.includes(`${cells} 1 | ≥ 97.6% |`), text);
  assert.ok(text.includes(`| [\`one\`](#one) ${cells} ≥ 97.6% |`), text);
  assert.ok(text.includes('All rows together: 1 min 15 s.'));
});

test('page: what was missed is marked, above and below', () => {
  assert.ok(pageOf({ figures: [{ ...accuracy, target: { atLeast: 98 } }] }).includes('| ≥ 98%, **missed** |'));
  const time: Figure = { what: 'time', unit: 's', published: 'an hour', ours: [90], target: { atMost: 60 } };
  assert.ok(pageOf({ figures: [time] }).includes('| time | an hour | 1 min 30 s | ≤ 1 min, **missed** |'));
});

test('page: columns in which nothing stands are left out, and | does not end a cell', () => {
  const text = pageOf({ figures: [{ what: 'largest |ρ̂ − ρ|', unit: '', published: null, ours: [0.25], note: 'n' }] });
  assert.ok(text.includes('| figure | ours |\n|---|---|\n| largest \\|ρ̂ − ρ\\| | 0.25 (n) |\n'), text);
});

test('page: the table of all rows holds what was published or asked for, or else the first two figures', () => {
  const plain = (what: string): Figure => ({ what, unit: '', published: null, ours: [1] });
  const head = (figures: Figure[]) => pageOf({ figures }).split('All rows together')[0];
  assert.ok(!head([plain('cost'), accuracy]).includes('cost'));
  const all = head([plain('a'), plain('b'), plain('c')]);
  assert.ok(all.includes('| [`one`](#one) | a |') && all.includes('|  | b |') && !all.includes('| c |'), all);
});

test('page: details stand in the section of their row, and not in the table of all rows', () => {
  const detail: Figure = { ...accuracy, what: 'F1 of one of many', detail: true };
  const [head, section] = pageOf({ figures: [accuracy, detail] }).split('All rows together');
  assert.ok(head.includes('digits right') && !head.includes('F1 of one of many'), head);
  assert.ok(section.includes('| F1 of one of many | 97.6% |'), section);
});

test('page: rows that were not run yet are named and have no section', () => {
  const text = page([row('one'), row('two')], new Map([['one', record({})]]));
  assert.ok(text.includes('| [`two`](#two) | The title of two |  | not run yet |  |'), text);
  assert.ok(text.includes('\n## one\n') && !text.includes('\n## two\n'));
});

test('page: a picture has its caption and its command, and lies beside the page', () => {
  const caption = 'Edges [of 25 units]: what they *see*. Seed 1.';
  const text = pageOf({ pictures: [{ file: 'one-features.png', caption }] });
  assert.ok(text.includes('![Edges of 25 units](results/one-features.png)\n\n'), text);
  assert.ok(text.includes('\n*Edges [of 25 units]: what they \\*see\\*. Seed 1.* `npm run reproduce -- one`\n'), text);
});

test('page: tables and remarks of a row', () => {
  const tables = [{ head: ['penalty', 'error'], rows: [['|w|', '1.5']], note: 'Of a digit.' }];
  const text = pageOf({ tables, remarks: ['Seen.', 'Tried.'] });
  assert.ok(text.includes('| penalty | error |\n|---|---|\n| \\|w\\| | 1.5 |\n\nOf a digit.\n'), text);
  assert.ok(text.includes('\n- Seen.\n- Tried.\n\n'), text);
});

test('page: every link within it has its heading', () => {
  const text = page([row('k-sparse'), row('one')], new Map([['k-sparse', record({})]]));
  const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
  const links = [...text.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor);
  assert.equal(new Set(links), new Set(['k-sparse', 'one', 'the-literature-reproduced']));
  for (const link of links) assert.ok(link === 'one' || anchors.includes(link), link); // one was not run: no section yet
});

test('docs/results.md: every picture that it shows lies there, and every row is linked once', () => {
  const text = readFileSync('docs/results.md', 'utf8');
  const pictures = [...text.matchAll(/!\[[^\]]*\]\(([^)]*)\)/g)].map(([, path]) => path);
  assert.ok(pictures.length > 0);
  for (const path of pictures) assert.ok(existsSync(`docs/${path}`), path);
  for (const { name } of rows) assert.is(text.split(`](#${name})`).length, 2, name);
});

test.run();
