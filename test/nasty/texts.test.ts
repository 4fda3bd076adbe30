import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { savedData } from '../../src/cli/run/saved-data.ts';
import { csvExamples } from '../../src/data/formats/csv.ts';
import { parseJson } from '../../src/data/formats/json.ts';
import { InputError, show } from '../../src/errors.ts';
import { parseRun } from '../../src/training/run.ts';
import { filled, joined, refusesAll, text } from './nasty.ts';

refusesAll(csvExamples, [
  ['CSV: one line of 50 MB', () => filled('1', 50_000_000), /line 1, column 1 is "1{37}/],
  ['CSV: one line of 25 million cells', () => text('1,'.repeat(25_000_000)), /line 1 has more than 1048576 cells/],
  [
    'CSV: a million columns, then one',
    () => text(`${'1,'.repeat(999_999)}1\n1\n`),
    /line 2 has 1 cells, line 1 has 1000000/,
  ],
  // Lines times columns were once set aside before either was checked.
  [
    'CSV: half a million names, then half a million empty lines',
    () => text(`${'a,'.repeat(5e5)}${'\n'.repeat(5e5)}1`),
    /line 500001 has 1 cells/,
  ],
  ['CSV: a line that grows to a million', () => text(`1\n${'1,'.repeat(1e6)}`), /line 2 has more than 1 cells/],
  [
    'CSV: a million quotes that never close',
    () => text(`1\n${'"'.repeat(1_000_001)}`),
    /line 2: a quote is opened and never closed/,
  ],
  // A search for a delimiter that never comes, once for each quoted cell, was quadratic.
  ['CSV: a million quoted lines', () => text(`${'"1"\n'.repeat(1_000_000)}"x"`), /line 1000001, column 1 is "x"/],
  // So was the match of a long number that is none.
  [
    'CSV: a million digits and a letter',
    () => joined(text('1\n'), filled('1', 1_000_000), text('x')),
    /line 2, column 1 is "1{37}/,
  ],
  [
    'CSV: a million blanks within a cell',
    () => joined(text('1,2\n3,4'), filled(' ', 1_000_000), text('5')),
    /line 2, column 2/,
  ],
  ['CSV: zeros alone', () => new Uint8Array(1_000_000), /holds no numbers/],
  ['CSV: 1e999', () => text('1e999,2\n3,4'), /line 1, column 1 is "1e999"/],
]);

const run = (model: string, rest = '') => text(`{"source":"x.csv","model":${model}${rest}}`);
refusesAll(
  (bytes) => parseRun(parseJson(new TextDecoder().decode(bytes), 'run.json')),
  [
    [
      'config with __proto__',
      () => run('{"hidden":3,"__proto__":{"tied":true}}'),
      /the key "__proto__", which is not allowed/,
    ],
    ['config with an escaped __proto__', () => run('{"hidden":3,"\\u005f_proto__":{}}'), /the key "__proto__"/],
    ['config with constructor', () => run('{"hidden":3}', ',"fit":{"constructor":{"prototype":{}}}'), /"constructor"/],
    ['config with a key twice', () => run('{"hidden":3,"hidden":4}'), /the key "hidden" twice/],
    ['config of 100,000 brackets', () => filled('[', 100_000), /nested more than 64 deep/],
    ['config with 100,000 objects within one another', () => text('{"a":'.repeat(100_000)), /nested more than 64 deep/],
    ['config with hidden 1e999', () => run('{"hidden":1e999}'), /hidden is Infinity/],
    ['config with weight decay 1e999', () => run('{"hidden":3,"weightDecay":1e999}'), /weightDecay is Infinity/],
    ['config of 100,000 layers', () => run(`{"hidden":[${'1,'.repeat(1e5)}1]}`), /at most 1000 entries/],
    [
      'config of 100,000 penalties',
      () => run(`{"hidden":3,"sparsity":[${'{"kind":"l1","weight":1},'.repeat(1e5)}{"kind":"l1","weight":1}]}`),
      /at most 1000 entries/,
    ],
    [
      'config with an unknown key of a megabyte',
      () => run(`{"hidden":3,"${'k'.repeat(1e6)}":1}`),
      /"k{50,60}\.\.\. is not a known key/,
    ],
    [
      'config with an unknown key of two lines',
      () => run('{"hidden":3,"a\\nb":1}'),
      /config\."a\\nb" is not a known key/,
    ],
    ['config with a value of a megabyte', () => run(`{"hidden":"${'v'.repeat(1e6)}"}`), /hidden is "v{50,60}\.\.\./],
    [
      'config of 100,000 classes',
      () => run('{"hidden":3}', `,"data":{"classes":[${'1,'.repeat(1e5)}1]}`),
      /at most 10000 entries/,
    ],
    [
      'config of 100,000 steps',
      () => run('{"hidden":3}', `,"data":{"preprocessing":[${'{"kind":"cs294a"},'.repeat(1e5)}{"kind":"cs294a"}]}`),
      /at most 100 steps/,
    ],
    ['config with an open string', () => text('{"source":"x'), /run\.json is not JSON/],
    ['config that is a number', () => text('1e999'), /run is Infinity/],
  ],
);

refusesAll(
  (bytes) => savedData({ metadata: { run: new TextDecoder().decode(bytes) } }),
  [
    ['record of the data with __proto__', () => text('{"__proto__":1}'), /"__proto__"/],
    [
      'record of the data with an endless number of patches',
      () => text('{"data":{"patches":{"size":1,"count":1e999,"seed":1}}}'),
      /count is Infinity/,
    ],
  ],
);

test('nothing of this has reached the prototype of all objects', () => {
  assert.is(({} as Record<string, unknown>).tied, undefined);
  assert.equal(parseJson('{"a":{"b":[1,{"a":2}]},"c":"__proto__"}', 'x'), { a: { b: [1, { a: 2 }] }, c: '__proto__' });
});

test('show and InputError say anything in one short line', () => {
  let deep: unknown = [];
  for (let i = 0; i < 100_000; i++) deep = [deep];
  const round: Record<string, unknown> = {};
  round.self = round;
  assert.equal([deep, round, 1n, Symbol('s'), null, undefined].map(show), [
    'a list',
    'an object',
    '1',
    'Symbol(s)',
    'null',
    'undefined',
  ]);
  const { message } = new InputError(`a\nb\u001b[31m\u2028${'c'.repeat(1e6)}`);
  assert.ok(message.length === 1000 && message.startsWith('a b [31m ccc'), message.slice(0, 20));
});

test.run();
