import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Timing } from '../../bench/harness/measure.ts';
import { nodePaths } from '../../bench/steps/engines.ts';
import { type Measured, withRatios } from '../../bench/steps/ratios.ts';
import { ROWS, rowsWith, SMOKE_ROWS } from '../../bench/steps/rows.ts';
import { spread, stepsTable } from '../../bench/steps/table.ts';
import { instructionsOf } from '../../bench/steps/torches.ts';

function timing(median: number): Timing {
  return { name: '', median, least: median, low: 0.9 * median, high: 1.2 * median, samples: 5 };
}

function measured(who: string, median: number, peer: Measured['peer'] = null, way = ''): Measured {
  return { ...timing(median), row: 'KL', who, peer, way, kernels: null };
}

const timings = [
  measured('Node 24', 30),
  measured('PyTorch, AVX-512', 50, 'AVX-512', 'dense'),
  measured('PyTorch, AVX-512', 20, 'AVX-512', 'gathered rows'),
  measured('PyTorch, AVX2', 40, 'AVX2', 'dense'),
];

test('ratios: over the better way of each peer, null where it was not there', () => {
  assert.equal(withRatios(timings)[0].over, { 'AVX-512': 1.5, AVX2: 0.75 });
  assert.equal(withRatios(timings.slice(0, 1))[0].over, { 'AVX-512': null, AVX2: null });
});

test('table: a row a step, AVX-512 before AVX2, and the widest spread', () => {
  assert.equal(stepsTable(withRatios(timings)), {
    columns: ['a step', 'Node 24', 'PyTorch, AVX-512', 'PyTorch, AVX2', 'spread'],
    rows: [['KL', '30.0 ms (1.50×, 0.75×)', '50.0 ms dense, 20.0 ms gathered rows', '40.0 ms dense', '20.0%']],
  });
  const [ours, , , narrow] = timings;
  assert.equal(stepsTable(withRatios([ours, narrow])).rows[0][1], '30.0 ms (–, 0.75×)');
  assert.equal(stepsTable(withRatios([ours])).rows[0][1], '30.0 ms');
  assert.equal(Math.round(100 * spread(timing(7))), 20);
});

test('peers: what OpenBLAS chose says which instructions it uses', () => {
  assert.equal(['SkylakeX', 'Cooperlake', 'SAPPHIRERAPIDS', 'Zen', 'Haswell', null].map(instructionsOf), [
    ...['AVX-512', 'AVX-512', 'AVX-512', 'AVX2', 'AVX2', 'AVX2'],
  ]);
});

test('nodes: paths with or without a name; without any, this one', () => {
  assert.equal(nodePaths('20=/a/node,/b/node'), ['/a/node', '/b/node']);
  assert.equal(nodePaths(null), [process.execPath]);
});

test('rows: the names differ, and a text chooses among them', () => {
  assert.is(new Set(ROWS.map(({ name }) => name)).size, ROWS.length);
  assert.equal(rowsWith(null, true), SMOKE_ROWS);
  assert.equal(
    rowsWith('batch 4096', false).map(({ name }) => name),
    ['k-sparse, 768-16384, k = 32, Adam, batch 4096'],
  );
});

test.run();
