import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { besideAll, besideTables, type PeerRun } from '../../bench/reproduce/beside.ts';
import type { Record_ } from '../../bench/reproduce/record.ts';

const run = (seed: number, seconds: number): PeerRun => ({
  row: 'one',
  seed,
  command: 'python3 peer.py --row one',
  threads: 1,
  versions: 'PyTorch 1.13',
  date: '2026-01-01',
  figures: [{ what: 'test error', unit: '%', value: 2 }],
  stages: [
    { what: 'layer 1', seconds, cost: 1.5 },
    { what: 'softmax', seconds: 10, cost: 0.5 },
  ],
});

const record: Record_ = {
  name: 'one',
  command: 'npm run reproduce -- one',
  seconds: 75,
  machine: '2 cores',
  by: ['simd'],
  date: '2026-01-01',
  figures: [{ what: 'test error', unit: '%', published: 1, ours: [1, 2] }],
  stages: [
    { what: 'layer 1', seconds: [40, 60], costs: [1.4, 1.4] },
    { what: 'softmax', seconds: [10, 10], costs: [0.5, 0.5] },
  ],
  pictures: [],
  remarks: [],
};

test('beside: figures and seconds of all rows in one table, ours over theirs, and the sum of the stages', () => {
  const table = besideAll(new Map([['one', record]]), [run(1, 90), run(2, 110)]);
  assert.equal(table?.rows, [
    ['[`one`](#one)', 'test error', '1.50 ± 0.71%', '2.00 ± 0.00%', '0.750'],
    ['', 'time: layer 1', '50 s', '1 min 40 s', '0.500'],
    ['', 'time: softmax', '10 s', '10 s', '1.00'],
    ['', 'time: all of these', '1 min', '1 min 50 s', '0.545'],
  ]);
  assert.ok(
    table?.note.includes('- `one`: `python3 peer.py --row one`; seeds 1, 2; PyTorch 1.13, threads: 1; 2026-01-01'),
  );
});

test('beside: rows that are not recorded are left out; what ours lacks is told, and no sum is made of it', () => {
  assert.is(besideAll(new Map(), [run(1, 90)]), null);
  const table = besideAll(new Map([['one', { ...record, stages: [], figures: [] }]]), [run(1, 90)]);
  assert.equal(
    table?.rows.map((cells) => cells.slice(1)),
    [
      ['test error', '–', '2.00%', '–'],
      ['time: layer 1', '–', '1 min 30 s', '–'],
      ['time: softmax', '–', '10 s', '–'],
    ],
  );
});

test('beside: the table of a row has costs beside seconds', () => {
  const [table] = besideTables('one', record, [run(1, 90)]);
  assert.equal(table.rows[1], ['layer 1', '50 s, J = 1.4', '1 min 30 s, J = 1.5']);
  assert.equal(besideTables('two', record, [run(1, 90)]), []);
});

test.run();
