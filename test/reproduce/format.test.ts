import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { duration, each, given, measured, plain, ratioOf, summarised } from '../../bench/reproduce/format.ts';

test('duration: seconds, minutes and hours, without parts that are 0', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0.0123, '0.012 s'],
    [1.62, '1.6 s'],
    [9.96, '10 s'],
    [48.3, '48 s'],
    [59.7, '1 min'],
    [75, '1 min 15 s'],
    [600, '10 min'],
    [3599.6, '1 h'],
    [4980, '1 h 23 min'],
    [7199, '2 h'],
  ];
  for (const [seconds, text] of cases) assert.is(duration(seconds), text);
});

test('measured: as many decimals as the spread over the seeds allows', () => {
  assert.is(measured({ unit: '', ours: [0.4461, 0.4476, 0.4461] }), '0.4466 ± 0.0009 (0.4461, 0.4476, 0.4461)');
  assert.is(measured({ unit: '', ours: [1, 3] }), '2.0 ± 1.4 (1.0, 3.0)');
  assert.is(measured({ unit: '', ours: [1200, 1300] }), '1250 ± 71 (1200, 1300)');
  assert.is(measured({ unit: '', ours: [0.5, 0.5] }), '0.5 ± 0 (0.5, 0.5)');
});

test('measured: percentages to the hundredth, one number to four digits, times as a range', () => {
  assert.is(measured({ unit: '%', ours: [1.5, 1.4, 1.6] }), '1.50 ± 0.10% (1.50, 1.40, 1.60)');
  assert.is(measured({ unit: '%', ours: [55.10277] }), '55.10%');
  assert.is(measured({ unit: '', ours: [12.1234] }), '12.12');
  assert.is(measured({ unit: 's', ours: [1.73, 1.62, 1.55] }), '1.6 s (1.6 s to 1.7 s)');
  assert.is(measured({ unit: 's', ours: [48, 48.2] }), '48 s');
});

test('given and plain: as it was written', () => {
  assert.is(given(98.3, '%'), '98.3%');
  assert.is(given(13.87, ''), '13.87');
  assert.is(given(600, 's'), '10 min');
  assert.is(plain(0.000123456, 3), '0.000123');
});

test('summarised and each: the mean with its spread, and the values of the seeds in the same decimals', () => {
  assert.is(summarised({ unit: '', ours: [0.4461, 0.4476, 0.4461] }), '0.4466 ± 0.0009');
  assert.is(each({ unit: '', ours: [0.4461, 0.4476, 0.4461] }), '0.4461, 0.4476, 0.4461');
  assert.is(summarised({ unit: '%', ours: [1.5, 1.4, 1.6] }), '1.50 ± 0.10%');
  assert.is(each({ unit: 's', ours: [75, 600] }), '1 min 15 s, 10 min');
});

test('ratioOf: three digits, zeros among them', () => {
  assert.equal(
    [ratioOf(2, 2), ratioOf(1.3, 1.08), ratioOf(1, 3), ratioOf(12345, 10)],
    ['1.00', '1.20', '0.333', '1230'],
  );
});

test.run();
