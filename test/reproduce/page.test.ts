import { existsSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LEADS } from '../../bench/reproduce/leads.ts';
import { page } from '../../bench/reproduce/page.ts';
import type { Record_ } from '../../bench/reproduce/record.ts';
import type { Drawn, Figure, Outcome, Row } from '../../bench/reproduce/row.ts';
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

/** Spaces that do not break are spaces here. */
const pageOf = (outcome: Partial<Outcome>) =>
  page([row('one')], new Map([['one', record(outcome)]])).replaceAll('\u00a0', ' ');

/** What stands above the sections, and the section of the row. */
function partsOf(outcome: Partial<Outcome>): [string, string] {
  const [head, section] = pageOf(outcome).split('\n## one\n');
  return [head, section];
}

/** The text of a fold, '' where there is none of that summary. */
function foldOf(text: string, summary: string): string {
  return text.split(`<summary>${summary}</summary>\n\n`)[1]?.split('\n</details>')[0] ?? '';
}

test('page: mean ± standard deviation, ratio, what was asked and whether it is met, in the table of a row and of all', () => {
  const text = pageOf({});
  const cells = 'digits right | 97.6% | 97.60 ± 0.10% |';
  assert.ok(text.includes(`\n| ${cells} 1.00 | ≥ 97.6% | yes |`), text);
  assert.ok(text.includes(`| [\`one\`](#one) | ${cells} ≥ 97.6% | yes |`), text);
  assert.ok(
    text.includes('Limits: 1, of which 1 are met. All rows: 1 min 15 s one after the other, 1 min 15 s two at once'),
    text,
  );
});

test('page: in a table no number is torn from its ±, ≤ and unit, and words are', () => {
  const time: Figure = {
    what: 'time of 2 min',
    unit: 's',
    published: '5 to 10 min',
    ours: [106],
    target: { atMost: 600 },
  };
  const text = page([row('one')], new Map([['one', record({ figures: [accuracy, time] })]])).replaceAll('\u00a0', '_');
  assert.ok(text.includes('| digits right | 97.6% | 97.60_±_0.10% | 1.00 | ≥_97.6% | yes |'), text);
  assert.ok(text.includes('| time of 2_min | 5 to 10_min | 1_min_46_s | – | ≤_10_min | yes |'), text);
});

test('page: the values of the seeds and notes are folded', () => {
  const [, section] = partsOf({
    figures: [
      { ...accuracy, note: 'validation 97.1' },
      { ...accuracy, what: 'b', ours: [1] },
    ],
  });
  const seeds = foldOf(section, 'Each seed');
  assert.ok(seeds.includes('| digits right | 97.50, 97.60, 97.70 | validation 97.1 |'), seeds);
  assert.not.ok(seeds.includes('| b |'), seeds);
  assert.is(section.split('validation 97.1').length, 2);
});

test('page: a difference of other sign than the published one has no ratio', () => {
  const gap = { what: 'a − b', unit: '', published: 0.5 } as const;
  const text = pageOf({
    figures: [
      { ...gap, ours: [0.25] },
      { ...gap, what: 'c − d', ours: [-0.25] },
    ],
  });
  assert.ok(text.includes('| a − b | 0.5 | 0.25 | 0.500 |'), text);
  assert.ok(text.includes('| c − d | 0.5 | -0.25 | – |'), text);
});

test('page: a row of one seed has no seeds to show', () => {
  assert.ok(pageOf({}).includes('<summary>Each seed</summary>'));
  assert.not(pageOf({ figures: [{ ...accuracy, ours: [97.5], note: 'n' }] }).includes('<summary>Each seed</summary>'));
});

test('page: what was missed is marked, above and below, and counted', () => {
  const [head, section] = partsOf({ figures: [accuracy, { ...accuracy, what: 'best', target: { atLeast: 98 } }] });
  for (const part of [head, section]) assert.ok(part.includes('| ≥ 98% | **missed** |'), part);
  assert.ok(head.includes('Limits: 2, of which 1 are met, 1 **missed**.'), head);
  assert.ok(head.includes('\n- **missed:** [`one`](#one) best: 97.60 ± 0.10%, asked ≥ 98%\n'), head);
  const time: Figure = { what: 'time', unit: 's', published: 'an hour', ours: [80, 100], target: { atMost: 60 } };
  const [above, below] = partsOf({ figures: [time] });
  assert.ok(above.includes('| time | an hour | 1 min 30 s | ≤ 1 min | **missed** |'), above);
  assert.ok(below.includes('| time | an hour | 1 min 30 s (1 min 20 s to 1 min 40 s) | ≤ 1 min | **missed** |'), below);
});

test('page: rows that two at once take longer than is allowed are told', () => {
  const of = (...hours: number[]) => {
    const names = hours.map((_, i) => `row-${i}`);
    return page(
      names.map((name) => row(name)),
      new Map(names.map((name, i) => [name, { ...record({}), seconds: hours[i] * 3600 }])),
    );
  };
  const allowed = 'two at once (`--jobs 2`) by these times; at most 16 h on two cores are allowed';
  assert.ok(of(8, 8, 8).includes(`All rows: 24 h one after the other, 16 h ${allowed}.`));
  // 10 beside 9, then 8 after the 9
  assert.ok(of(8, 9, 10).includes(`All rows: 27 h one after the other, 17 h ${allowed}, **more than that**.`));
  assert.ok(of(17).includes(`All rows: 17 h one after the other, 17 h ${allowed}, **more than that**.`));
});

test('page: columns in which nothing stands are left out, and | does not end a cell', () => {
  const text = pageOf({ figures: [{ what: 'largest |ρ̂ − ρ|', unit: '', published: null, ours: [0.25] }] });
  assert.ok(text.includes('| figure | ours |\n|---|---|\n| largest \\|ρ̂ − ρ\\| | 0.25 |\n'), text);
});

test('page: headlines stand in the table of all rows, or what was asked for, published, or the first two figures', () => {
  const plain = (what: string): Figure => ({ what, unit: '', published: null, ours: [1] });
  const published: Figure = { ...plain('published'), published: 2 };
  const head = (figures: Figure[]) =>
    [...partsOf({ figures })[0].matchAll(/^\| (?:\S+\)|) \| ([^|]*) \|/gm)].map(([, what]) => what);
  assert.equal(head([plain('a'), published, accuracy, { ...plain('b'), headline: true }]), ['b']);
  assert.equal(head([plain('a'), published, accuracy]), ['digits right']);
  assert.equal(head([plain('a'), published]), ['published']);
  assert.equal(head([plain('a'), plain('b'), plain('c')]), ['a', 'b']);
});

test('page: details stand in the section of their row, and not in the table of all rows', () => {
  const detail: Figure = { ...accuracy, what: 'F1 of one of many', detail: true };
  const [head, section] = partsOf({ figures: [accuracy, detail] });
  assert.ok(head.includes('digits right') && !head.includes('F1 of one of many'), head);
  assert.ok(section.includes('| F1 of one of many | 97.6% |'), section);
});

test('page: rows that were not run yet are named so, and their sections say what they are and what was tried', () => {
  const two = { ...row('two'), tried: ['many steps'] };
  const text = page([row('one'), two], new Map([['one', record({})]]));
  assert.ok(text.includes('| [`two`](#two) | The title of two | – | not run yet | – | – |'), text);
  const [, section] = text.split('\n## two\n');
  for (const part of ['Not run yet.', '*Published:* what a paper says', '- many steps', 'The same'])
    assert.ok(section.includes(part), part);
  assert.not.ok(text.split('\n## two\n')[0].includes('Not run yet.'));
});

test('page: a section opens with its picture, then figures and command; what made the difference stands open', () => {
  const drawn: Drawn[] = [
    { file: 'curve.svg', caption: 'A curve.' },
    { file: 'features.png', caption: 'Edges [of "25" units]: what they *see*. Seed 1.', first: true },
  ];
  const ablation = { head: ['without', 'error'], rows: [['noise', '2%']], note: 'Seed 1.' };
  const [, section] = partsOf({ pictures: drawn, ablation });
  const order = [
    '<img src="./results/features.png" width="420" alt="Edges of &quot;25&quot; units">\n\n*Edges [of "25" units]: what they \\*see\\*. Seed 1.*\n',
    '| figure | published |',
    '`npm run reproduce -- one` · 1 min 15 s · 2 cores; simd, 2 threads, Node 20.20.2 · 2026-01-01',
    '*Published:* what a paper says',
    '**What made the difference**\n\n| without | error |\n|---|---|\n| noise | 2% |\n\nSeed 1.\n',
    '<summary>One more picture</summary>\n\n<img src="./results/curve.svg" alt="A curve">',
  ].map((text) => section.indexOf(text));
  assert.equal(
    order,
    [...order].filter((place) => place >= 0).sort((a, b) => a - b),
    section,
  );
});

test('page: pictures that open a section together say once what they say alike', () => {
  const of = (k: number): Drawn => ({
    file: `${k}.png`,
    caption: `Features with k = ${k}. 60 epochs. Seed 1.`,
    first: true,
  });
  const [, section] = partsOf({ pictures: [of(70), of(10)] });
  const images = [70, 10].map((k) => `<img src="./results/${k}.png" width="300" alt="Features with k = ${k}">`);
  const table = `| ${images.join(' | ')} |\n|---|---|\n| Features with k = 70 | Features with k = 10 |\n\n`;
  assert.ok(section.includes(`${table}*60 epochs. Seed 1.*`), section);
  assert.not.ok(section.includes('more picture'), section);
});

test('page: four pictures stand two by two, five three and two', () => {
  const of = (n: number) =>
    partsOf({
      pictures: Array.from({ length: n }, (_, i) => ({ file: `${i}.png`, caption: `${i}.`, first: true })),
    })[1];
  const images = (text: string) => [...text.matchAll(/^\| <img.*$/gm)].map(([line]) => line.split('<img').length - 1);
  assert.equal(images(of(4)), [2, 2]);
  assert.equal(images(of(5)), [3, 2]);
  assert.ok(of(5).includes('\n| 3 | 4 |  |\n'), of(5));
});

test('page: curves stand below each other, each over its sentence, in their own size', () => {
  const of = (name: string): Drawn => ({
    file: `${name}.svg`,
    caption: `Cost of ${name}: falls. Seed 1.`,
    first: true,
  });
  const [, section] = partsOf({ pictures: [of('a'), of('b')] });
  const one = (name: string) => `<img src="./results/${name}.svg" alt="Cost of ${name}">\n\n*Cost of ${name}.*\n`;
  assert.ok(section.includes(`${one('a')}\n${one('b')}\n*Seed 1.*`), section);
});

test('page: tables, remarks and a short set-up stand open; long ones and what was tried are folded', () => {
  const table = (lines: number) => ({
    head: ['penalty', 'error'],
    rows: Array(lines).fill(['|w|', '1.5']),
    note: 'Of a digit.',
  });
  const long = 'A remark. '.repeat(60);
  const [, section] = partsOf({ tables: [table(1), table(20)], remarks: ['Seen.', long], tried: ['η = 1.'] });
  assert.ok(section.includes('| penalty | error |\n|---|---|\n| \\|w\\| | 1.5 |\n\nOf a digit.\n'), section);
  assert.ok(section.includes('\n- Seen.\n\n'), section);
  assert.ok(section.includes('*Here:* the same'), section);
  assert.is(foldOf(section, 'What was tried'), `- ${long}\n- η = 1.\n`);
  assert.is(foldOf(section, 'All lines and measures: penalty').split('1.5').length, 21);
  const far = page([{ ...row('one'), setup: `all ${long}` }], new Map([['one', record({})]]));
  assert.ok(foldOf(far, 'Set-up here, and every difference').startsWith('All A remark.'), far);
});

test('page: every fold is closed, with an empty line before what stands in it, and none stands in another', () => {
  const text = pageOf({ tried: ['a'], pictures: [1, 2, 3].map((i) => ({ file: `${i}.png`, caption: `${i}.` })) });
  const tags = [...text.matchAll(/<(\/?)details>/g)].map(([, slash]) => slash);
  assert.ok(tags.length >= 6, text);
  assert.equal(
    tags,
    tags.map((_, i) => (i % 2 === 0 ? '' : '/')),
  );
  for (const [, after] of text.matchAll(/<\/summary>\n(.*)\n/g)) assert.is(after, '');
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

test('page: pictures that the page chooses for a row are drawn by it, and open its section unless the row marks others', () => {
  for (const [name, files] of Object.entries(LEADS)) {
    const saved: Record_ = JSON.parse(readFileSync(`docs/results/${name}.json`, 'utf8'));
    for (const file of files)
      assert.ok(
        saved.pictures.some((drawn) => drawn.file === file),
        `${name}: ${file}`,
      );
  }
  const drawn: Drawn[] = ['a.svg', ...LEADS['swiss-roll'], 'b.svg'].map((file) => ({ file, caption: `${file}.` }));
  const firstOf = (pictures: Drawn[]) =>
    /<img src="([^"]*)"/.exec(page([row('swiss-roll')], new Map([['swiss-roll', record({ pictures })]])))?.[1];
  assert.is(firstOf(drawn), './results/swiss-roll-sheets.svg');
  assert.is(firstOf([...drawn.slice(0, -1), { ...drawn[2], first: true }]), './results/b.svg');
});

test('docs/results.md: every picture that it shows lies there, and every row is linked', () => {
  const text = readFileSync('docs/results.md', 'utf8');
  const pictures = [...text.matchAll(/<img src="([^"]*)"/g)].map(([, path]) => path);
  assert.ok(pictures.length > 20);
  for (const path of pictures) assert.ok(existsSync(`docs/${path}`), path);
  for (const { name } of rows) assert.ok(text.includes(`](#${name})`), name);
});

test.run();
