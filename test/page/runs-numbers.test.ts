import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Point } from '../../src/figures/thin.ts';
import { axisOf } from '../../src/page/components/value-range.ts';
import { RunHistory } from '../../src/page/runs/history.ts';
import { readRuns } from '../../src/page/runs/read-runs.ts';
import { duration, inWords, percent } from '../../src/page/runs/words.ts';
import { readSnapshot } from '../../src/report/read-snapshot.ts';
import { visibleText } from '../../src/report/visible-text.ts';
import { linesOf, snapshotOf, viewOf } from './runs-made.ts';

const curve = (n: number, y: (i: number) => number): Point[] => Array.from({ length: n }, (_, i) => [i, y(i)]);

test('axisOf: neither one outlier nor a dip to 1e-7 rules a logarithmic axis', () => {
  const decay = (i: number) => 1 + 40 * Math.exp(-i / 20);
  const plain = axisOf([curve(200, decay)], 8);
  assert.is(plain.type, 'log');
  assert.ok(plain.domain[0] >= 1 && plain.domain[1] <= 50, `${plain.domain}`);
  const dip = axisOf([curve(200, (i) => (i === 90 ? 1e-7 : decay(i)))], 8);
  assert.ok(dip.domain[0] >= 0.1, `${dip.domain}`);
  const leap = axisOf([curve(200, (i) => (i === 0 ? 1e9 : decay(i)))], 8);
  assert.ok(leap.domain[1] <= 500, `${leap.domain}`);
});

test('axisOf: all of a curve without outliers is seen; a term that dies does not press the others flat', () => {
  const all = axisOf([curve(5, (i) => 10 ** i)], 8);
  assert.equal(all.domain, [1, 1e4]);
  const dying = axisOf([curve(100, () => 2), curve(100, (i) => 10 ** -(i / 4))], 8);
  assert.ok(dying.domain[0] >= 1e-6 && dying.domain[1] >= 2, `${dying.domain}`);
});

test('axisOf: linear below 0, from 0 on request, and where there is nothing', () => {
  assert.is(axisOf([curve(50, (i) => Math.sin(i))], 8).type, 'linear');
  assert.equal(axisOf([curve(50, (i) => 5 + i)], 8, 0).domain[0], 0);
  assert.is(axisOf([], 8).type, 'linear');
  assert.is(axisOf([[]], 8).type, 'linear');
  assert.ok(axisOf([curve(50, () => 0)], 8).domain[1] > 0);
  for (const ticks of [2, 4, 8]) assert.ok(axisOf([curve(40, (i) => 10 ** (i / 3))], ticks).ticks.length <= ticks + 1);
});

test('history: lines in pieces, those that make no sense, numbers that are none', () => {
  const history = new RunHistory();
  history.add(linesOf(10, 200));
  history.add('not JSON\n[1]\n{"step":-1,"epoch":1}\n{"epoch":1}\nnull\n\n');
  history.add('{"epoch":3,"step":210,"cost":null,"terms":{"a":"x","__proto__":2},"l0":[1],"seconds":null}\n');
  assert.is(history.lines.length, 21);
  assert.is(history.unreadable, 5);
  assert.is(history.last?.cost, null);
  assert.equal(history.last?.terms, JSON.parse('{"a":null,"__proto__":2}'));
  assert.is(history.latest('term __proto__'), 2);
  assert.is(history.latest('term toString'), null);
  assert.ok(history.terms.includes('reconstruction'));
  assert.is(history.latest('cost'), JSON.parse(linesOf(200, 200)).cost);
  assert.is(history.points('validation', 100).length, 2);
  assert.equal(
    history.points('validation', 100).map(([x]) => x),
    [1, 2],
  );
});

test('history: a run that goes on from an earlier step continues its curve', () => {
  const history = new RunHistory();
  history.add(linesOf(10, 500));
  history.add(linesOf(310, 340));
  assert.is(history.last?.step, 340);
  assert.is(history.lines.length, 34);
});

test('history: a very long run keeps its last line, and validations while they are few', () => {
  const long = new RunHistory();
  for (let from = 10; from <= 200_000; from += 50_000) long.add(linesOf(from, from + 49_990));
  assert.ok(long.lines.length <= 12_000, `${long.lines.length}`);
  assert.is(long.last?.step, 200_000);
  assert.is(long.points('validation', null).length, 2000);
  const always = new RunHistory();
  const lines = Array.from({ length: 50_001 }, (_, i) => `{"epoch":${i + 1},"step":${i + 1},"validation":1}`);
  always.add(lines.join('\n'));
  assert.ok(always.lines.length <= 12_000, `${always.lines.length}`);
  assert.is(always.last?.step, 50_001);
});

test('readRuns: what makes no sense is left out', () => {
  assert.is(readRuns(null), null);
  assert.is(readRuns({ runs: 1 }), null);
  assert.equal(readRuns({ runs: [viewOf()] }), [viewOf()]);
  const [run] =
    readRuns({ runs: [{ state: 'cats', steps: -1, settings: { a: { toString: 1 }, b: null }, results: [] }] }) ?? [];
  assert.is(run.state, 'unfinished');
  assert.is(run.name, 'run 1');
  assert.is(run.steps, null);
  assert.equal(run.settings, { a: '{"toString":1}', b: 'null' });
});

test('readSnapshot: no more than its bytes hold, and nothing of nonsense', () => {
  const whole = snapshotOf({ height: 4, width: 3 });
  const seen = readSnapshot(whole);
  assert.is(seen?.shown.length, 144);
  assert.is(seen?.tiles.length, 144 * 12);
  assert.is(readSnapshot({ ...whole, tiles: Buffer.alloc(30).toString('base64') })?.shown.length, 2);
  for (const nonsense of [
    null,
    [],
    {},
    { ...whole, tile: { ...whole.tile, width: 0 } },
    { ...whole, tile: { ...whole.tile, channels: 2 } },
    { ...whole, tile: { ...whole.tile, width: 1e9, height: 1e9 } },
    { ...whole, tiles: '???' },
    { ...whole, units: '3' },
  ])
    assert.is(readSnapshot(nonsense), null);
  assert.is(readSnapshot({ ...whole, pairs: { n: 1e9, x: '', reconstructions: '' } })?.pairs, null);
  const uses = { edges: [0, 1, 1], counts: [1, 2], dead: -3 };
  assert.equal(readSnapshot({ ...whole, uses })?.uses, { edges: [], counts: [], dead: 0 });
  const table = readSnapshot(snapshotOf({ columns: ['a', '', 'b\u202ec'] }));
  assert.equal(table?.columns, ['a', '1', 'b\\u202ec']);
});

test('visibleText: what acts is written out, what is long is cut', () => {
  assert.is(visibleText('a\u0000\n\u202e\ud800b'), 'a\\u0000\\u000a\\u202e\\ud800b');
  assert.is([...visibleText('😀'.repeat(500), 10)].length, 10);
  assert.ok(visibleText('x'.repeat(10_000)).endsWith('…'));
  assert.is(visibleText('Grüße 😀'), 'Grüße 😀');
});

test('words', () => {
  assert.equal([0, 59.6, 200, 7500, 400_000].map(duration), [
    '0 s',
    '1 min 0 s',
    '3 min 20 s',
    '2 h 5 min',
    '4 d 15 h',
  ]);
  assert.equal([0, 1e-6, 0.00123, 0.0456, 0.5, 1].map(percent), ['0%', '<0.01%', '0.12%', '4.6%', '50%', '100%']);
  assert.is(inWords('weightDecay'), 'weight decay');
});

test.run();
