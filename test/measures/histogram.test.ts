import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ActivityReader } from '../../src/measures/activity.ts';
import { HistogramCounter } from '../../src/measures/histogram.ts';
import { uniforms } from '../support/views.ts';

function histogramOf(...chunks: readonly ArrayLike<number>[]) {
  const counter = new HistogramCounter(null);
  for (const chunk of chunks) counter.add(new ActivityReader(1).read(Float64Array.from(chunk)));
  return counter.result();
}

test('HistogramCounter takes the least power of two that covers the values in 64 bins', () => {
  assert.equal(histogramOf([0, 1, 2, 63]).edges.slice(0, 3), [0, 1, 2]);
  assert.is(histogramOf([0, 1, 2, 63]).counts.length, 64);
  const wider = histogramOf([0, 1, 2, 64]);
  assert.equal([wider.edges.slice(0, 3), wider.counts.length, wider.counts.slice(0, 2)], [[0, 2, 4], 33, [2, 1]]);
});

test('HistogramCounter does not depend on chunks or order, as the range grows to either side', () => {
  const values = [...uniforms(200, 1, -0.001, 0.001), ...uniforms(200, 2, -1, 1), ...uniforms(200, 3, -700, 90)];
  const once = histogramOf(values);
  const singly = histogramOf(...values.map((value) => [value]));
  const reversed = histogramOf(...[...values].reverse().map((value) => [value]));
  assert.equal(singly, once);
  assert.equal(reversed, once);
  assert.is(
    once.counts.reduce((sum, count) => sum + count, 0),
    600,
  );
  assert.ok(once.counts.length > 32 && once.counts.length <= 64);
});

test('HistogramCounter keeps equal values apart until others come, and survives extreme ranges', () => {
  assert.equal(histogramOf([7, 7], [7]), { edges: [6.5, 7.5], counts: [3] });
  const later = histogramOf([7, 7], [7], [8]);
  assert.equal([later.counts[0], later.counts.at(-1), later.edges[0]], [3, 1, 7]);
  for (const values of [
    [0, 5e-324],
    [1, 1 + 2 ** -52],
    [-1.7e308, 1.7e308],
    [1e300, 1e300 * (1 + 2 ** -52)],
  ]) {
    const { edges, counts } = histogramOf(values);
    assert.ok(counts.length <= 64 && counts.reduce((sum, count) => sum + count, 0) === 2, `at ${values}`);
    assert.ok(
      edges.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > edges[i - 1])),
      `at ${values}`,
    );
  }
});

test('HistogramCounter over a given range has 64 bins, the last with its end', () => {
  const counter = new HistogramCounter([-1, 1]);
  counter.add(new ActivityReader(1).read(Float64Array.of(-1, 0, 1)));
  const { edges, counts } = counter.result();
  assert.equal([counts.length, counts[0], counts[32], counts[63], edges[0], edges[64]], [64, 1, 1, 1, -1, 1]);
});

test.run();
