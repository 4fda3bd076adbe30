import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, matrix, rowRange } from '../../src/array/matrix.ts';
import { ActivityReader } from '../../src/measures/activity.ts';
import { DetectionCounter } from '../../src/measures/detection.ts';
import { recoveryOf } from '../../src/measures/on-demand.ts';
import { assertClose } from '../support/close.ts';
import { assertRefused } from '../support/errors.ts';
import { rowsOf } from '../support/naive-model.ts';
import { layouts, randomView, uniforms } from '../support/views.ts';

const paper = JSON.parse(readFileSync('data/oracles/metrics-on-paper.json', 'utf8'));
// Made by scipy.optimize.linear_sum_assignment: data/oracles/make_recovery.py.
const oracle = JSON.parse(readFileSync('data/oracles/recovery.json', 'utf8'));

test('on paper: MCC, MMCS, uniqueness, F1, precision and recall', async () => {
  const [rows, directions, codes, truth] = ['dictionary', 'features', 'codes', 'trueCodes'].map((key) =>
    fromRows(paper[key]),
  );
  const found = await recoveryOf(rows, directions, codes, truth);
  const { MCC, MMCS, uniqueness, F1, precision, recall } = paper.metrics;
  assertClose(
    [found.mcc, found.mmcs, found.uniqueness, found.f1 ?? 9, found.precision ?? 9, found.recall ?? 9],
    [MCC, MMCS, uniqueness, F1, precision, recall],
  );
  const without = await recoveryOf(rows, directions);
  assert.equal(without, { ...found, f1: null, precision: null, recall: null });
});

test('recovery agrees with SciPy on dictionaries smaller, as large and larger than the features, with ties', async () => {
  assert.is(oracle.cases.length, 10);
  for (const { decoder, directions, mcc, mmcs, uniqueness } of oracle.cases) {
    const found = await recoveryOf(fromRows(decoder), fromRows(directions));
    assertClose([found.mcc, found.mmcs, found.uniqueness], [mcc, mmcs, uniqueness]);
  }
});

test('a dictionary that is the features in another order, length and sign: MCC 1, MMCS not, uniqueness 1', async () => {
  const directions = randomView(7, 4, 'rows', 'float64', 1);
  const rows = rowsOf(directions);
  const flipped = fromRows(rows.map((row, i) => row.map((value) => value * (i % 2 === 0 ? 3 : -1e-9))).reverse());
  const { mcc, mmcs, uniqueness } = await recoveryOf(flipped, directions);
  assertClose([mcc, uniqueness], [1, 1]);
  assert.ok(mmcs < 0.99, 'signs count');
  const greedy = await recoveryOf(fromRows([rows[0], rows[0]]), fromRows([rows[0], rows[1]]));
  assert.ok(greedy.mcc < 1 && greedy.uniqueness === 0.5, 'each feature is matched once');
});

test('decoder rows of 0 are like no feature; extreme lengths neither vanish nor overflow', async () => {
  const features = fromRows([
    [1, 0],
    [0, 1],
  ]);
  const { mcc, mmcs, uniqueness } = await recoveryOf(fromRows([[0, 0]]), features);
  assert.equal([mcc, mmcs, uniqueness].map(Math.abs), [0, 0, 1]);
  const extreme = fromRows([
    [1e-200, 1e-220],
    [1e200, 3e300],
  ]);
  assertClose([(await recoveryOf(extreme, features)).mcc], [1]);
});

test('the best of features that differ in rounding alone is the first', async () => {
  const feature = [1, 1, 3];
  const longer = feature.map((value) => value * 0.7); // its cosine is larger by the last bit
  const other = [-3, 0, 1];
  const directions = fromRows([feature, longer, other]);
  const { uniqueness } = await recoveryOf(fromRows([[1, 2, 3], feature]), directions);
  assert.is(uniqueness, 0.5);
});

test('F1 takes units as they fire above 0, and undefined shares as 0', async () => {
  const eye = fromRows([
    [1, 0],
    [0, 1],
  ]);
  const codes = fromRows([
    [1, -2],
    [1, 0],
    [0, 0],
  ]);
  const truth = fromRows([
    [1, 0],
    [0, 0],
    [1, 0],
  ]);
  const { f1, precision, recall } = await recoveryOf(eye, eye, codes, truth);
  assert.equal([f1, precision, recall], [0.25, 0.25, 0.25]); // the first unit ½, the second never fires
});

test('F1 agrees with its definition in every layout, with equal bits for any chunks', async () => {
  const [m, h, features] = [700, 6, 4];
  const decoder = randomView(h, 5, 'rows', 'float64', 1);
  const directions = randomView(features, 5, 'rows', 'float64', 2);
  const codes = randomView(m, h, 'rows', 'float64', 3, -2, 1);
  const truth = randomView(m, features, 'rows', 'float64', 4);
  const found = await recoveryOf(decoder, directions, codes, truth);
  const [d, t, a, s] = [decoder, directions, codes, truth].map(rowsOf);
  const cos = (u: readonly number[], v: readonly number[]) =>
    u.reduce((sum, value, i) => sum + value * v[i], 0) / Math.hypot(...u) / Math.hypot(...v);
  const best = d.map((row) => {
    const all = t.map((direction) => Math.abs(cos(row, direction)));
    return all.indexOf(Math.max(...all));
  });
  const f1 = best.map((feature, j) => {
    const count = (holds: (k: number) => boolean) => a.filter((_, k) => holds(k)).length;
    const both = count((k) => a[k][j] > 0 && s[k][feature] > 0);
    const precision = both / count((k) => a[k][j] > 0);
    const recall = both / count((k) => s[k][feature] > 0);
    return (2 * precision * recall) / (precision + recall);
  });
  assertClose([found.f1 ?? 9], [f1.reduce((sum, value) => sum + value, 0) / h]);
  for (const layout of layouts) {
    const strided = randomView(m, features, layout, 'float64', 4);
    assert.equal(await recoveryOf(decoder, directions, codes, strided), found, layout);
  }
  for (const size of [1, 7, 255]) {
    const counter = new DetectionCounter(Uint32Array.from(best), features);
    for (let k = 0; k < m; k += size) {
      const end = Math.min(m, k + size);
      counter.add(new ActivityReader(h).read(codes.data.subarray(k * h, end * h)), rowRange(truth, k, end));
    }
    assert.is(counter.result().f1, found.f1, `${size} at a time`);
  }
});

test('512 rows are matched with 300 features in a moment', async () => {
  const rows = matrix(uniforms(512 * 32, 1), 512, 32);
  const { mcc, mmcs } = await recoveryOf(rows, rowRange(rows, 100, 400));
  assertClose([mcc, mmcs], [1, 1]);
});

test('recoveryOf refuses what does not fit', async () => {
  const two = fromRows([
    [1, 0],
    [0, 1],
  ]);
  const wide = fromRows([[1, 2, 3]]);
  await assertRefused(() => recoveryOf(two, wide), /^directions has shape \(1, 3\): it must be \(m, 2\)/);
  await assertRefused(() => recoveryOf(two, fromRows([[0, 0]])), /^directions is 0 in row 0: a feature must have a/);
  await assertRefused(() => recoveryOf(two, two, two), /^trueCodes is undefined: it must be an ndarray/);
  await assertRefused(() => recoveryOf(two, two, wide, two), /^codes has shape \(1, 3\)/);
  await assertRefused(
    () => recoveryOf(two, two, two, fromRows([[1, 0]])),
    /^trueCodes has 1 rows, and codes 2: give one/,
  );
});

test.run();
