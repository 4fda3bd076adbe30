import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { heatMap } from '../../src/figures/heat-map.ts';
import { overlaidCurves } from '../../src/figures/overlaid-curves.ts';
import type { Point } from '../../src/figures/thin.ts';

const OPTIONS = { title: 'Validation error', xLabel: 'epoch', yLabel: 'validation error' };
const HOSTILE = '<script>alert(1)</script>"\u202e\ud800\u0000';

/** What the SVG writes, in order. */
const wordsOf = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, words]) => words);
const curve = (...values: number[]): Point[] => values.map((value, i) => [i + 1, value]);

test('groups of curves are drawn with their mean, a colour each, and their last value', () => {
  const svg = overlaidCurves(
    [
      { name: 'a 1', curves: [curve(3, 2, 1), curve(5, 4, 2)], isBest: true },
      { name: 'b', curves: [curve(4, 3.5)] },
      { name: 'none', curves: [[]] },
    ],
    { ...OPTIONS, note: 'A note.' },
  );
  const words = wordsOf(svg);
  assert.ok(words.includes('a 1: 1.5, best'), words.join());
  assert.ok(words.includes('b: 3.5') && words.includes('A note.') && !words.some((own) => own.startsWith('none')));
  assert.is((svg.match(/stroke-opacity="0.4"/g) ?? []).length, 2); // the curves of the group of two
  const [, width] = / width="(\d+)"/.exec(svg) ?? [];
  const [, inner] = /viewBox="0 0 (\d+)/.exec(svg) ?? [];
  assert.ok((12 * 390) / Number(inner) >= 11, 'words are too small on a phone');
  assert.ok(Number(width) > Number(inner));
});

test('of many groups the lowest are coloured; nothing finite is refused; what is not finite is left out', () => {
  const groups = Array.from({ length: 11 }, (_, i) => ({ name: `g${i}`, curves: [curve(2, 1 + i)] }));
  const words = wordsOf(overlaidCurves(groups, OPTIONS));
  assert.ok(words.includes('In colour the 8 that end lowest, in grey 3 more.'));
  assert.ok(words.includes('g7: 8') && !words.includes('g8: 9'));
  assert.throws(() => overlaidCurves([{ name: 'a', curves: [[[1, Number.NaN]]] }], OPTIONS), /there are no curves/);
  const some = overlaidCurves([{ name: 'a', curves: [curve(3, Number.NaN, Infinity, 2)] }], OPTIONS);
  assert.ok(wordsOf(some).includes('a: 2'));
  assert.not.match(some, 'NaN');
});

test('a heat map has its numbers, their colours and what they mean', () => {
  const svg = heatMap({
    title: 'Errors',
    measure: 'validation error',
    rows: { name: 'weight', values: ['1', '3'] },
    columns: { name: 'target', values: ['0.01', '0.05'] },
    cells: [
      [0.5, 0.25],
      [null, 0.1],
    ],
    best: [1, 1],
  });
  const words = wordsOf(svg);
  for (const own of ['0.5', '0.25', '–', '0.1', 'weight', 'target', '0.01', '3', 'validation error']) {
    assert.ok(words.includes(own), own);
  }
  assert.match(svg, 'rgb(68,1,84)'); // the least
  assert.match(svg, 'rgb(253,231,37)'); // the most
  const wide = { ...{ title: 'x', measure: 'e' }, rows: { name: 'r', values: ['1'] }, best: undefined };
  const many = Array.from({ length: 30 }, (_, i) => i + 1);
  const crowded = heatMap({
    ...wide,
    columns: { name: 'c', values: many.map(String) },
    cells: [many.map((i) => i / 7)],
  });
  assert.ok(wordsOf(crowded).includes('Too many columns for numbers in the cells.'));
  assert.throws(() => heatMap({ ...wide, cells: [[1], [2]] }), /the cells are not 1 rows of 1/);
  assert.throws(() => heatMap({ ...wide, cells: [[null]] }), /no cell has a number/);
  assert.ok(wordsOf(heatMap({ ...wide, cells: [[2]] })).includes('2'));
});

test('names run nothing and break nothing', () => {
  const curves = overlaidCurves([{ name: HOSTILE, curves: [curve(1, 2)] }], {
    ...OPTIONS,
    title: HOSTILE,
    note: HOSTILE.repeat(500),
  });
  const map = heatMap({
    ...{ title: HOSTILE, measure: HOSTILE, note: HOSTILE, cells: [[1]] },
    rows: { name: HOSTILE, values: [HOSTILE.repeat(300)] },
    columns: { name: HOSTILE, values: [HOSTILE] },
  });
  for (const svg of [curves, map]) {
    assert.not.match(svg, /<script|\u202e|[\ud800-\udbff](?![\udc00-\udfff])/);
    assert.ok(!svg.includes('\u0000') && svg.length < 60_000);
  }
});

test.run();
