import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../src/errors.ts';
import { activationHistogram } from '../../src/figures/index.ts';
import { readSvg, textsOf, xOfTick } from './read-svg.ts';

/** The drawn bars as [left, right, height], in pixels; the first rectangle is the background. */
function barsOf(root: Element): number[][] {
  return [...root.querySelectorAll('rect')].slice(1).map((bar) => {
    const [x, width, height] = ['x', 'width', 'height'].map((name) => Number(bar.getAttribute(name)));
    return [x, x + width, height];
  });
}

test('activationHistogram marks the target with a labelled line at its place on the axis', () => {
  const root = readSvg(activationHistogram([0.02, 0.05, 0.06, 0.11, 0.2], { target: 0.05 }));
  const x = Number(root.querySelector('line[aria-label="target"]')?.getAttribute('x1'));
  const [zero, high] = [xOfTick(root, '0.00'), xOfTick(root, '0.20')];
  assert.ok(Math.abs(x - (zero + (high - zero) / 4)) < 0.01);
  assert.ok(textsOf(root).includes('target ρ = 0.05'));
  assert.ok(textsOf(root).includes('Mean activation of 5 hidden units: 0.088 on average'));
});

test('activationHistogram draws no line without a target', () => {
  assert.is(readSvg(activationHistogram([0.1, 0.2])).querySelector('line[aria-label="target"]'), null);
});

test('activationHistogram counts units: bars are as high as their counts, and stand where the values are', () => {
  const root = readSvg(activationHistogram(Float32Array.from([0.05, 0.05, 0.05, 0.95]), { target: 1 }));
  const bars = barsOf(root).filter(([, , height]) => height > 0);
  assert.is(bars.length, 2);
  const [low, high] = bars;
  // Bars are drawn half a pixel smaller on each side.
  assert.ok(Math.abs((low[2] + 1) / (high[2] + 1) - 3) < 0.02, `${low[2]} : ${high[2]}`);
  const [zero, one] = [xOfTick(root, '0.0'), xOfTick(root, '1.0')];
  const at = (value: number) => zero + value * (one - zero);
  assert.ok(low[0] < at(0.05) && at(0.05) < low[1]);
  assert.ok(high[0] < at(0.95) && at(0.95) < high[1]);
});

test('activationHistogram puts a value that equals the start of a bin into that bin: 0, 0.1 … 0.9 fill ten', () => {
  const bars = barsOf(readSvg(activationHistogram([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])));
  assert.is(bars.length, 10);
  assert.ok(bars.every(([, , height]) => height === bars[0][2] && height > 0));
});

test('activationHistogram draws one unit, equal units, dead units, and activations that are negative or large', () => {
  for (const values of [[0.3], [0.5, 0.5, 0.5], [0, 0, 0], [-3, 250, 1e4], [1e-9, 2e-9]]) {
    for (const target of [undefined, 0.05]) {
      const svg = activationHistogram(values, { target });
      assert.not.match(svg, /NaN|Infinity|undefined/);
      assert.ok(barsOf(readSvg(svg)).some(([, , height]) => height > 0));
    }
  }
});

test('activationHistogram gives the same string for the same numbers', () => {
  const values = Array.from({ length: 1000 }, (_, i) => ((i * 7919) % 1000) / 1000);
  assert.is(
    activationHistogram(values, { target: 0.1 }),
    activationHistogram(Float64Array.from(values), { target: 0.1 }),
  );
});

test('activationHistogram refuses no units and numbers that are not finite', () => {
  const isInputError = (error: unknown) => error instanceof InputError;
  assert.throws(() => activationHistogram([]), isInputError);
  assert.throws(() => activationHistogram([0.1, Number.NaN]), /unit 1 is NaN/);
  assert.throws(() => activationHistogram([0.1], { target: Number.NaN }), isInputError);
});

test.run();
