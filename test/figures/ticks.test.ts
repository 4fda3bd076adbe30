import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { linearAxis, logAxis, niceStep, shortNumber, wholeTicks } from '../../src/figures/ticks.ts';

test('niceStep gives 1, 2 or 5 times a power of ten', () => {
  assert.is(niceStep(10, 10), 1);
  assert.is(niceStep(11, 10), 2);
  assert.is(niceStep(0.3, 10), 0.05);
  assert.is(niceStep(7, 1), 10);
});

test('linearAxis has exact ticks from below the least to above the largest value, with equal decimals', () => {
  const { domain, ticks, label } = linearAxis(0.12, 0.58);
  assert.equal(domain, [0.1, 0.6]);
  assert.equal(ticks, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]);
  assert.equal(ticks.map(label), ['0.1', '0.2', '0.3', '0.4', '0.5', '0.6']);
});

test('linearAxis labels differ from tick to tick, whatever the size of the values', () => {
  for (const [low, high] of [
    [1e9, 1e9 + 10],
    [1e-8, 3e-8],
    [1e20, 3e20],
    [1e12 + 1e7, 1e12 + 9e7],
    [5, 5],
  ]) {
    const { ticks, label } = linearAxis(low, high);
    assert.ok(ticks.length >= 3 && ticks[0] <= low && ticks[ticks.length - 1] >= high);
    assert.is(new Set(ticks.map(label)).size, ticks.length, ticks.map(label).join(' '));
  }
});

test('logAxis reaches from 1, 2 or 5 · 10ᵏ to another, ticks at powers of ten over many decades', () => {
  const narrow = logAxis(0.3, 9);
  assert.equal(narrow.domain, [0.2, 10]);
  assert.equal(narrow.ticks.map(narrow.label), ['0.2', '0.5', '1', '2', '5', '10']);
  const wide = logAxis(1e-6, 10);
  assert.equal(wide.ticks.map(wide.label), ['10⁻⁶', '10⁻⁵', '10⁻⁴', '10⁻³', '10⁻²', '10⁻¹', '10⁰', '10¹']);
  assert.ok(logAxis(1e-30, 1e30).ticks.length <= 9);
});

test('wholeTicks stands at whole numbers within the ends', () => {
  assert.equal(wholeTicks(0, 3), [0, 1, 2, 3]);
  assert.equal(wholeTicks(1, 400), [50, 100, 150, 200, 250, 300, 350, 400]);
});

test('shortNumber rounds to significant digits and keeps exponents for extremes', () => {
  assert.equal(
    [1234.567, 0.1 + 0.2, 0, -2.34567, 12345678, 1e-7].map((v) => shortNumber(v)),
    ['1235', '0.3', '0', '-2.346', '1.235e7', '1e-7'],
  );
});

test.run();
