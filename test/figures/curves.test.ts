import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../src/errors.ts';
import { type HistoryPoint, trainingCurves } from '../../src/figures/index.ts';
import { curveOf, readSvg, textsOf, xOfTick } from './read-svg.ts';

const history: HistoryPoint[] = Array.from({ length: 101 }, (_, i) => {
  const reconstruction = 8 + 90 * Math.exp(-i / 10);
  return {
    step: i,
    cost: reconstruction + 0.5,
    terms: { reconstruction, weightDecay: 0.5, contraction: 0 },
    validation: i % 50 === 0 ? reconstruction + 1 : undefined,
  };
});

test('trainingCurves draws total cost, every non-zero term and validation, each named at its end', () => {
  const root = readSvg(trainingCurves(history));
  const texts = textsOf(root);
  assert.ok(texts.includes('Training cost: 8.504 after iteration 100'));
  for (const label of [
    'total cost 8.504',
    'reconstruction 8.004',
    'weight decay 0.5',
    'validation 9.004',
    'iteration',
  ]) {
    assert.ok(texts.includes(label), `${label} in ${texts.join(' | ')}`);
  }
  assert.not.ok(texts.some((text) => text.includes('contraction')));
  assert.is(curveOf(root, 'total cost').length, 101);
  assert.is(curveOf(root, 'validation').length, 3);
  assert.is(root.querySelector('rect')?.getAttribute('fill'), 'white');
});

test('trainingCurves uses a logarithmic axis above a decade: equal ratios are equal distances', () => {
  const costs = [100, 10, 1];
  const root = readSvg(trainingCurves(costs.map((cost, i) => ({ step: i + 1, cost, terms: {} }))));
  const [[x0, y0], [x1, y1], [x2, y2]] = curveOf(root, 'total cost');
  assert.ok(Math.abs(y1 - y0 - (y2 - y1)) < 0.01);
  assert.ok(Math.abs(x1 - x0 - (x2 - x1)) < 0.01);
  assert.ok(textsOf(root).includes('cost, logarithmic'));
  assert.is(x2, xOfTick(root, '3'));
});

test('trainingCurves uses a linear axis within a decade, and where a value is negative', () => {
  for (const costs of [
    [5, 4, 3],
    [100, 50, 0.1, -1],
  ]) {
    const texts = textsOf(readSvg(trainingCurves(costs.map((cost, step) => ({ step, cost, terms: {} })))));
    assert.ok(texts.includes('cost') && !texts.includes('cost, logarithmic'));
  }
});

test('trainingCurves leaves a gap for zeros on a logarithmic axis', () => {
  const sparsity = [0, 0, 1, 2, 0, 3, 4];
  const points = sparsity.map((value, step) => ({ step, cost: 100 + value, terms: { sparsity: value } }));
  const root = readSvg(trainingCurves(points));
  assert.is(curveOf(root, 'sparsity').length, 4);
  assert.is(curveOf(root, 'total cost').length, 7);
});

test('trainingCurves thins 100,000 points and keeps the first, the last and a lone spike', () => {
  const long = Array.from({ length: 100_000 }, (_, step) => ({ step, cost: step === 77_777 ? 9 : 2, terms: {} }));
  const curve = curveOf(readSvg(trainingCurves(long)), 'total cost');
  assert.ok(curve.length <= 1000, `${curve.length}`);
  const heights = curve.map(([, y]) => y);
  assert.is(heights.filter((y) => y < heights[0]).length, 1);
  const root = readSvg(trainingCurves(long));
  assert.is(curve[0][0], xOfTick(root, '0'));
  const spike = curve[heights.indexOf(Math.min(...heights))];
  assert.ok(Math.abs(spike[0] - curve[0][0] - 0.77777 * (curve[curve.length - 1][0] - curve[0][0])) < 0.1);
});

test('trainingCurves draws one point, constants, zeros and tiny or huge values', () => {
  for (const costs of [[3], [0], [2, 2, 2], [0, 0], [1e-300, 2e-300], [1e300, 1e299, 1], [1, 1 + 1e-16]]) {
    const svg = trainingCurves(costs.map((cost, step) => ({ step, cost, terms: { reconstruction: cost } })));
    assert.not.match(svg, /NaN|Infinity|undefined/);
    readSvg(svg);
  }
});

test('trainingCurves keeps labels inside the picture and apart, however many terms end together', () => {
  const terms = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`term${i}`, 1]));
  const root = readSvg(trainingCurves([0, 1].map((step) => ({ step, cost: 12, terms }))));
  const heights = [...root.querySelectorAll('text')]
    .filter((text) => /^(term|total)/.test(text.textContent ?? ''))
    .map((text) => {
      const outer = text.parentElement?.getAttribute('transform') ?? '';
      const [own, shift] = [text.getAttribute('transform') ?? '', outer].map((t) => Number(t.match(/,([-\d.]+)/)?.[1]));
      return own + shift;
    })
    .sort((a, b) => a - b);
  assert.is(heights.length, 13);
  for (let i = 1; i < heights.length; i++) assert.ok(heights[i] - heights[i - 1] > 15.9);
  assert.ok(heights[0] > 50 && heights[12] < 360);
});

test('trainingCurves escapes what XML reserves in names and titles', () => {
  const svg = trainingCurves([{ step: 1, cost: 1, terms: { 'a<b & "c"': 1 } }], {
    title: '<script>&\u0000',
    stepLabel: 'a & b',
  });
  const texts = textsOf(readSvg(svg));
  assert.ok(texts.includes('a<b & "c" 1'));
  assert.ok(texts.includes('<script>& : 1 after a & b 1'), texts.join(' | '));
});

test('trainingCurves gives the same string for the same history', () => {
  assert.is(trainingCurves(history), trainingCurves(structuredClone(history)));
});

test('trainingCurves refuses an empty history and values that are not finite', () => {
  const refused: [HistoryPoint[], RegExp][] = [
    [[], /history is empty/],
    [[{ step: 1, cost: Number.NaN, terms: {} }], /cost is NaN at step 1/],
    [[{ step: 2, cost: 1, terms: { sparsity: Number.POSITIVE_INFINITY } }], /term sparsity is Infinity at step 2/],
    [[{ step: 3, cost: 1, terms: {}, validation: Number.NaN }], /validation is NaN at step 3/],
    [[{ step: Number.NaN, cost: 1, terms: {} }], /step of the history is NaN/],
  ];
  for (const [points, message] of refused) {
    assert.throws(
      () => trainingCurves(points),
      (error: unknown) => error instanceof InputError && message.test(error.message),
    );
  }
});

test.run();
