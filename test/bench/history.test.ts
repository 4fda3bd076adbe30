import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Saved } from '../../bench/harness/saved.ts';
import { drawHistory } from '../../bench/history/draw.ts';
import { parseHistory, told } from '../../bench/history/history.ts';
import { type Line, linesOf, type Step } from '../../bench/history/line.ts';
import { slower } from '../../bench/history/slower.ts';

function line(ms: number, more: Partial<Step> = {}, own: Partial<Line> = {}): Line {
  const step = { ms, noise: 0.02, over: { AVX2: ms / 10 }, ...more };
  return {
    ...{ commit: 'abc', date: '2026-11-29', machine: 'A CPU, 2 cores', engine: 'Node 24.1.0', load: 0 },
    steps: { KL: step },
    ...own,
  };
}

test('slower: by more than the noise of either side, and of the runs before among each other', () => {
  assert.equal(slower([line(10), line(10.2)]), []);
  assert.equal(slower([line(10)]), [], 'nothing to compare with');
  assert.equal(slower([line(10), line(11)]), [
    { engine: 'Node 24.1.0', step: 'KL', by: 'AVX2', before: 1, now: 1.1, noise: 0.03 },
  ]);
  assert.equal(slower([line(10), line(11, { noise: 0.2 })]), []);
  assert.equal(slower([line(10, { noise: 0.2 }), line(11)]), []);
  assert.equal(slower([line(9), line(10), line(12), line(11.9)]), []);
  assert.is(slower([line(9), line(10), line(12), line(12.1)]).length, 1);
});

test('slower: what slows the peer as well is the machine', () => {
  assert.equal(slower([line(10), line(20, { over: { AVX2: 1 } })]), []);
  assert.is(slower([line(10), line(20, { over: {} })])[0].by, 'ms');
  const wide = (value: number) => ({ over: { 'AVX-512': value, AVX2: 1 } });
  assert.is(slower([line(10, wide(1)), line(10, wide(2))])[0].by, 'AVX-512');
});

test('slower: other machines, other engines and turbo are not compared, other patches of one Node are', () => {
  assert.equal(slower([line(10), line(20, {}, { machine: 'Another, 8 cores' })]), []);
  assert.equal(slower([line(10), line(20, {}, { engine: 'Node 24.1.0 turbo' })]), []);
  assert.equal(slower([line(10), line(20, {}, { engine: 'Node 20.1.0' })]), []);
  assert.is(slower([line(10), line(20, {}, { engine: 'Node 24.9.0' })]).length, 1);
});

test('slower: of five runs before, the median; older ones have no say', () => {
  const before = [30, 10, 10, 10, 10, 10].map((ms) => line(ms));
  assert.is(slower([...before, line(12)])[0].before, 1);
});

test('told: engine, step, before and after, the noise', () => {
  const [found] = slower([line(10), line(12, { over: { AVX2: 1.2 } })]);
  assert.is(told(found), "slower: Node 24.1.0, KL: 1.00× → 1.20× of PyTorch's time, AVX2, +20.0%; noise 3.00%");
  const [alone] = slower([line(10, { over: {} }), line(12, { over: {} })]);
  assert.is(told(alone), 'slower: Node 24.1.0, KL: 10.0 ms → 12.0 ms, +20.0%; noise 3.00%');
});

test('lines: one an engine, peers among the ratios only', () => {
  const record = (who: string, peer: 'AVX2' | null, median: number) => ({
    ...{ row: 'KL', who, peer, way: '', kernels: null, name: '', least: 1, samples: 5 },
    ...{ median, low: 0.96 * median, high: 1.01 * median, over: { 'AVX-512': null, AVX2: median / 8 } },
  });
  const saved = {
    ...{ command: 'npm run bench -- steps', commit: 'abc', only: null },
    machine: {
      ...{ processor: 'A CPU', cores: 2, node: 'v20.1.0', platform: 'linux x64', date: '2026-11-29' },
      ...{ flags: [], openblasCoreType: null, load: 0.51239, peers: [] },
    },
    reports: {
      steps: {
        ...{ title: '', checked: '', columns: [], rows: [] },
        records: [record('Node 20.1.0', null, 10), record('Node 24.1.0', null, 6), record('PyTorch, AVX2', 'AVX2', 8)],
      },
    },
  } satisfies Saved;
  const lines = linesOf(saved);
  assert.equal(
    lines.map(({ engine, steps }) => [engine, steps.KL]),
    [
      ['Node 20.1.0', { ms: 10, noise: 0.04, over: { AVX2: 1.25 } }],
      ['Node 24.1.0', { ms: 6, noise: 0.04, over: { AVX2: 0.75 } }],
    ],
  );
  assert.is(lines[0].load, 0.5124);
  assert.equal(parseHistory(lines.map((each) => `${JSON.stringify(each)}\n`).join('')), lines);
  assert.equal(linesOf({ ...saved, reports: {} }), []);
});

test('drawHistory: a chart a step, a curve an engine over the commits', () => {
  const lines = [
    line(10),
    line(8, {}, { commit: 'def1234567' }),
    line(9, {}, { engine: 'Node 20.1.0', commit: 'def1234567' }),
  ];
  const svg = drawHistory(lines);
  for (const text of ['KL', 'abc', 'def1234', 'Node 24', 'Node 20', 'over PyTorch, AVX2']) assert.match(svg, text);
  assert.is(svg.match(/<circle /g)?.length, 3);
  assert.throws(() => drawHistory([]), /nothing to draw/);
});

test.run();
