import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertCosts } from '../../bench/mpi/outcome.ts';
import { type Pooled, reportOf } from '../../bench/mpi/report.ts';
import { configOf, dataOf, optionsOf, ROWS, SMOKE_ROWS } from '../../bench/mpi/rows.ts';
import { ours, torch } from '../../bench/mpi/subjects.ts';

const one = ours('worker.js', null, 1, 2, false);
const two = ours('worker.js', 'MPICH', 2, 1, false);
const peer = torch('gloo.py', [], 4, 1);

test('subjects: named by library, processes and threads', () => {
  assert.is(one.name, 'rhohat, one process of 2 threads');
  assert.is(two.name, 'rhohat, MPICH, 2 processes of one thread');
  assert.is(peer.name, 'PyTorch, gloo, 4 processes of one thread');
});

const pooled: Pooled = {
  costs: {},
  rows: {
    KL: {
      [one.name]: { processes: 1, threads: 2, bytes: 0, library: '', samples: [90, 100, 500] },
      [two.name]: { processes: 2, threads: 1, bytes: 6_283_000, library: 'MPICH 4.0', samples: [75, 80, 80] },
    },
  },
};

test('report: a row a subject that was measured, its fastest pass under that of the first', () => {
  const { rows, records } = reportOf(pooled, ['KL', 'TopK'], [one.name, two.name, peer.name]);
  assert.equal(rows, [
    ['KL', one.name, '90.0 ms', '100 ms', '95.0 ms – 300 ms', '1.00×', '–'],
    ['KL', two.name, '75.0 ms', '80.0 ms', '77.5 ms – 80.0 ms', '1.20×', '6.28 MB'],
  ]);
  assert.equal(
    records.map(({ row, samples, library }) => [row, samples, library]),
    [
      ['KL', 3, ''],
      ['KL', 3, 'MPICH 4.0'],
    ],
  );
});

test('costs: what is not the first subject’s is not timed', () => {
  assertCosts('a', [1, 2, 3], [1, 2, 3.00001], 1e-5);
  assert.throws(() => assertCosts('a', [1, 2, 3], [1, 2, 3.0001], 1e-5), /a: step 3 costs 3, .* 3\.0001/);
  assert.throws(() => assertCosts('a', [], [1, 2, 3], 1e-5), /step 1/);
});

test('rows: data of whole batches, the same options for every subject', () => {
  for (const row of SMOKE_ROWS) {
    const { inputs, batch } = row.setting;
    assert.equal(dataOf(row).shape, [batch * row.batches, inputs]);
    assert.is(optionsOf(row, 3).batchSize, batch);
    assert.is(configOf(row).inputs, inputs);
  }
  assert.is(new Set(ROWS.map(({ name }) => name)).size, ROWS.length);
});

test.run();
