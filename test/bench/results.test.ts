import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Report } from '../../bench/harness/report.ts';
import { commandLine, type Saved } from '../../bench/harness/saved.ts';
import { block } from '../../bench/results/block.ts';
import { blockNames, loneTables, withBlocks } from '../../bench/results/document.ts';
import { joined, type Kept, withRun } from '../../bench/results/kept.ts';
import { DOCUMENT, FOLDER, written } from '../../bench/results/results.ts';

const report: Report = {
  title: 'Steps',
  checked: 'costs',
  columns: ['a step', 'time'],
  rows: [
    ['first', '1 ms'],
    ['second', '2 ms'],
  ],
  records: [
    { row: 'first', median: 1 },
    { row: 'second', median: 2 },
  ],
  notes: ['half of the calls'],
};

function savedOn(node: string, own: Report = report, more: Partial<Saved> = {}): Saved {
  const machine = {
    ...{ processor: 'A CPU', cores: 2, node, platform: 'linux x64', date: '2026-11-29' },
    ...{ flags: [], openblasCoreType: null, load: 0.5, peers: [] },
  };
  return { command: 'npm run bench -- steps', commit: 'abc', machine, only: null, reports: { steps: own }, ...more };
}

test('RESULTS.md: every table is written from what is kept, and says so', () => {
  const text = readFileSync(DOCUMENT, 'utf8');
  assert.equal(loneTables(text), [], 'a table by hand');
  assert.ok(blockNames(text).length > 12);
  assert.is(written(text, FOLDER), text, 'npm run bench -- results writes the tables');
});

test('block: one run has its command, machine, Node, date and commit above its table', () => {
  const [kept] = withRun([], 'steps', savedOn('v24.1.0'));
  assert.is(
    block([kept]),
    [
      '`npm run bench -- steps`: A CPU, 2 cores, load 0.5; Node v24.1.0, linux x64; 2026-11-29, commit abc.',
      'Checked: costs.',
      '| a step | time |\n|--------|------|\n| first  | 1 ms |\n| second | 2 ms |',
      '- Half of the calls.',
    ].join('\n\n'),
  );
});

test('block: runs of several engines share a table, those of other columns have their own', () => {
  const turbo = savedOn('v24.1.0');
  const flags = ['--experimental-wasm-revectorize'];
  const other = { ...report, columns: ['a step', 'rate'] };
  let kept: Kept[] = withRun([], 'steps', savedOn('v20.1.0'));
  kept = withRun(kept, 'steps', { ...turbo, machine: { ...turbo.machine, flags } });
  const both = block(kept);
  assert.match(both, /- 20: `npm run bench -- steps`: .*\n- 24 turbo: /);
  assert.match(both, /\| 20 {7}\| first {2}\| 1 ms \|/);
  assert.match(both, /\| 24 turbo \| second \| 2 ms \|/);
  const three = block(withRun(kept, 'steps', savedOn('v24.2.0', other)));
  assert.is(three.split('\n').filter((line) => line.startsWith('|--')).length, 2);
});

test('kept: a run takes the place of that of its engine, a part joins it', () => {
  const old = withRun(withRun([], 'steps', savedOn('v20.1.0')), 'steps', savedOn('v24.1.0'));
  const again = { ...report, rows: [['second', '3 ms']], records: [{ row: 'second', median: 3 }] };
  const replaced = withRun(old, 'steps', savedOn('v20.9.0', again));
  assert.equal(
    replaced.map(({ machine, report: { rows } }) => [machine.node, rows.length]),
    [
      ['v20.9.0', 1],
      ['v24.1.0', 2],
    ],
  );
  const [part] = withRun(old, 'steps', savedOn('v20.9.0', again, { only: 'second' }));
  assert.equal(part.report.rows, [
    ['first', '1 ms'],
    ['second', '3 ms'],
  ]);
  assert.equal(part.report.records, [
    { row: 'first', median: 1 },
    { row: 'second', median: 3 },
  ]);
  assert.throws(
    () => joined(report, { ...again, columns: ['a step', 'Node 22'] }),
    /a part has the columns a step, Node 22/,
  );
});

test('document: only what is between the marks is written', () => {
  const text = 'before\n<!-- results: a-b -->\nold\n<!-- end of results -->\nafter\n|--|--|\n';
  assert.is(
    withBlocks(text, (name) => `new ${name} $1 $&`),
    'before\n<!-- results: a-b -->\nnew a-b $1 $&\n<!-- end of results -->\nafter\n|--|--|\n',
  );
  assert.equal(loneTables(text), ['|--|--|']);
});

test('commandLine: as npm runs it, without where results go and where Nodes lie', () => {
  const given = ['steps', '--nodes', '20=/a/b/node,24=/c/node', '--only', 'KL, 784', '--json', '/x/y.json'];
  assert.is(commandLine('bench', given), "npm run bench -- steps --nodes 20=…,24=… --only 'KL, 784'");
  assert.is(commandLine('sizes', ['--json', 'x']), 'npm run sizes');
});

test.run();
