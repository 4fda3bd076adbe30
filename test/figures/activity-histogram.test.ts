import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../src/errors.ts';
import { activityHistogram } from '../../src/figures/index.ts';
import { readSvg, textsOf, xOfTick } from './read-svg.ts';

/** The drawn bars as [left, right, height], in pixels; the first rectangle is the background. */
function barsOf(root: Element): number[][] {
  return [...root.querySelectorAll('rect')].slice(1).map((bar) => {
    const [x, width, height] = ['x', 'width', 'height'].map((name) => Number(bar.getAttribute(name)));
    return [x, x + width, height];
  });
}

test('activityHistogram draws bars as high as the logarithms of their counts, where the bins stand', () => {
  const root = readSvg(
    activityHistogram({ edges: [0, 0.5, 1, 1.5, 2], counts: [1000, 0, 10, 1] }, { title: 'k = 10' }),
  );
  const bars = barsOf(root);
  assert.is(bars.length, 3); // an empty bin has no logarithm
  const [high, middle, low] = bars.map(([, , height]) => height + 1); // half a pixel smaller on each side
  assert.ok(Math.abs((high - middle) / (middle - low) - 2) < 0.01, `${high}, ${middle}, ${low}`);
  assert.ok(low > 5, 'a single count is seen');
  assert.ok(Math.abs(bars[1][0] - 0.5 - xOfTick(root, '1.0')) < 0.01);
  assert.ok(textsOf(root).includes('k = 10'));
});

test('activityHistogram labels every tick of the logarithmic axis', () => {
  const texts = textsOf(readSvg(activityHistogram({ edges: [0, 1], counts: [3] })));
  for (const tick of ['1', '2', '5', '10']) assert.ok(texts.includes(tick), `the tick ${tick}`);
});

test('activityHistogram takes another size and other words, and fewer ticks where it is narrow', () => {
  const histogram = { edges: [0, 0.5, 1], counts: [3, 4] };
  const small = { width: 240, height: 200, xLabel: 'weight', yLabel: 'weights' };
  const [root, wide] = [readSvg(activityHistogram(histogram, small)), readSvg(activityHistogram(histogram))];
  assert.equal([root.getAttribute('width'), root.getAttribute('height')], ['240', '200']);
  for (const text of ['weight', 'weights']) assert.ok(textsOf(root).includes(text), text);
  const ticks = (of: Element) => of.querySelectorAll('g[aria-label="x-axis tick label"] text').length;
  assert.ok(ticks(root) < ticks(wide), `${ticks(root)} and ${ticks(wide)}`);
});

test('activityHistogram draws one bin, millions, and activations of any size, always alike', () => {
  for (const histogram of [
    { edges: [-0.5, 0.5], counts: [1] },
    { edges: [-1e9, 0, 1e9], counts: [5_000_000_000, 3] },
    { edges: [1e-9, 2e-9], counts: [7] },
  ]) {
    const svg = activityHistogram(histogram);
    assert.not.match(svg, /NaN|Infinity|undefined/);
    assert.is(activityHistogram(histogram), svg);
    readSvg(svg);
  }
});

test('activityHistogram refuses edges and counts that are no histogram', () => {
  const cases: readonly (readonly [readonly number[], readonly number[], RegExp])[] = [
    [[0, 1], [1, 2], /^there are 2 edges and 2 counts: /],
    [[0, 0], [1], /^edge 1 is 0: edges must be finite and rise/],
    [[0, Number.NaN], [1], /^edge 1 is NaN: /],
    [[0, 1], [-1], /^count 0 is -1: /],
    [[0, 1, 2], [0, 0], /^the histogram is empty: /],
  ];
  for (const [edges, counts, message] of cases) {
    assert.throws(
      () => activityHistogram({ edges, counts }),
      (error: unknown) => error instanceof InputError && message.test(error.message),
    );
  }
});

test.run();
