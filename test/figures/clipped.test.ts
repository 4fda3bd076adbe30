import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { trainingCurves } from '../../src/figures/index.ts';
import { assertRefused } from '../support/errors.ts';
import { curveOf, readSvg, textsOf, xOfTick } from './read-svg.ts';

const drawn = (costs: readonly number[], options = {}) =>
  readSvg(
    trainingCurves(
      costs.map((cost, i) => ({ step: i + 1, cost, terms: {} })),
      options,
    ),
  );
const yTicks = (root: Element) =>
  [...root.querySelectorAll('g[aria-label="y-axis tick label"] text')].map(({ textContent }) => textContent);
const marksOf = (root: Element) => textsOf(root).filter((text) => /^[▲▼] [\d-]/.test(text));

test('a huge first value does not rule the axis: it is cut off and marked with its value', () => {
  const costs = [1000, ...Array.from({ length: 29 }, (_, i) => 500 - i)];
  const root = drawn(costs);
  assert.equal(marksOf(root), ['▲ 1000 total cost']);
  assert.ok(
    yTicks(root).every((tick) => Number(tick) <= 520),
    `${yTicks(root)}`,
  );
  const curve = curveOf(root, 'total cost');
  assert.is(curve.length, 30);
  assert.ok(curve[0][1] <= Math.min(...curve.slice(1).map(([, y]) => y)), 'at the upper edge');
  assert.ok(textsOf(root).some((text) => text.startsWith('▲ ▼ beyond the axis')));
});

test('a dip to 1e-7 does not rule a logarithmic axis, and stays marked', () => {
  const history = Array.from({ length: 100 }, (_, i) => ({
    step: i + 1,
    cost: 1 + 50 / (i + 1),
    terms: { sparsity: i === 9 || i === 10 ? 1e-7 * (i - 8) : 0.01 },
  }));
  const root = readSvg(trainingCurves(history));
  assert.equal(
    marksOf(root).filter((mark) => mark.startsWith('▼')),
    ['▼ 1e-7'],
  );
  assert.ok(textsOf(root).includes('cost, logarithmic'));
  assert.ok(!yTicks(root).some((tick) => tick?.includes('⁻⁷') || tick?.includes('⁻⁶')), `${yTicks(root)}`);
});

test('what takes less than half of the axis, a short history and the last value are never cut off', () => {
  for (const costs of [
    Array.from({ length: 40 }, (_, i) => 10 - i * 0.1),
    [1000, 500, 499, 498, 497],
    [...Array.from({ length: 30 }, () => 5), 1],
  ]) {
    assert.equal(marksOf(drawn(costs)), [], `${costs.slice(0, 3)}`);
  }
  const kl = [100, 60, 50, 45, 40, 38, 35, 34, 33, 32].map((cost, i) => ({
    step: i,
    cost,
    terms: { weightDecay: 0.01 * (i + 1) },
  }));
  assert.equal(marksOf(readSvg(trainingCurves(kl))), [], 'a small term is no outlier');
});

test('curves that leave at the same step share a mark', () => {
  const history = Array.from({ length: 20 }, (_, i) => {
    const cost = i === 0 ? 90 : 10;
    return { step: i, cost, terms: { reconstruction: cost - 1, 'a<b': 1 } };
  });
  const root = readSvg(trainingCurves(history));
  assert.ok(marksOf(root).length <= 1, `${marksOf(root)}`);
});

test('annealing is shaded up to where it ends, with its words', () => {
  const costs = Array.from({ length: 20 }, (_, i) => 10 - 0.1 * i);
  const root = drawn(costs, { annealed: { until: 10, says: 'k <is> annealed' } });
  assert.ok(textsOf(root).includes('shaded: k <is> annealed'));
  const shade = root.querySelector('rect[aria-label="annealed"]');
  const [x, width] = ['x', 'width'].map((name) => Number(shade?.getAttribute(name)));
  assert.ok(Math.abs(x + width - xOfTick(root, '10')) < 0.6, `${x + width}`);
  assert.is(
    drawn(costs, { annealed: { until: 1, says: 'nothing' } }).querySelector('rect[aria-label="annealed"]'),
    null,
  );
});

test('one record is no lonely dot: every value has a bar, as long as it is', () => {
  const root = drawn([5]);
  const texts = textsOf(root);
  assert.ok(texts.includes('total cost 5') && texts.some((text) => text.startsWith('One record')));
  assert.is(root.querySelectorAll('circle').length, 0);
  const terms = { reconstruction: 4, sparsity: -1 };
  const bars = [...readSvg(trainingCurves([{ step: 1, cost: 3, terms }])).querySelectorAll('rect')].slice(1);
  const [cost, reconstruction, sparsity] = bars.map((bar) => Number(bar.getAttribute('width')));
  assert.ok(Math.abs(cost / reconstruction - 3 / 4) < 0.01 && Math.abs(sparsity / cost - 1 / 3) < 0.01);
});

test('trainingCurves refuses a width and an annealing that are none', async () => {
  const point = { step: 1, cost: 1, terms: {} };
  await assertRefused(() => trainingCurves([point], { width: 10 }), /^width is 10: give pixels, a number from 240/);
  const annealed = { until: Number.NaN, says: 'k' };
  await assertRefused(() => trainingCurves([point], { annealed }), /^annealed is .*: give \{ until: a step/);
});

test.run();
