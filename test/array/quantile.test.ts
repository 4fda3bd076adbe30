import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { median, quantile } from '../../src/array/quantile.ts';

test('median is the middle value, and of an even number the mean of the two there', () => {
  assert.is(median([3, 1, 2]), 2);
  assert.is(median([4, 1, 3, 2]), 2.5);
  assert.is(median(Float32Array.of(10, 2)), 6);
  assert.is(median([10, 9, 100, 2]), 9.5); // by value, not as text
  assert.is(median([7]), 7);
  assert.is(median([1.5e308, 1.7e308]), 1.6e308);
  assert.is(median([Infinity, Infinity]), Infinity);
  assert.ok(Number.isNaN(median([])));
});

test('quantile has the values of numpy.quantile, and leaves its argument as it is', () => {
  const values = [15, 20, 35, 40, 50];
  const expected = [15, 18, 20, 29, 40, 46, 50]; // numpy.quantile([15, 20, 35, 40, 50], [0, .15, .25, .4, .75, .9, 1])
  const given = [0, 0.15, 0.25, 0.4, 0.75, 0.9, 1].map((p) => Number(quantile(values, p).toFixed(9)));
  assert.equal(given, expected);
  const shuffled = [3, 1, 2];
  quantile(shuffled, 0.25);
  assert.equal(shuffled, [3, 1, 2]);
});

test.run();
