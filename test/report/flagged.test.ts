import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { flag, flaggedText } from '../../src/report/flagged.ts';

const scores = Float64Array.from({ length: 100 }, (_, i) => (i * 37) % 100); // 0 … 99, shuffled

test('a quantile: scores above it', () => {
  const flagged = flag(scores, { kind: 'quantile', q: 0.95 });
  assert.is(flagged.threshold, 94.05);
  assert.is(flagged.count, 5);
  assert.ok(flagged.is(95) && !flagged.is(94));
  assert.match(flaggedText(flagged, 100), /^5 of 100 examples have a score above 94\.05, the 0\.95 quantile/);
});

test('a share: the highest, at least one, and all that are equal to the last of them', () => {
  assert.is(flag(scores, { kind: 'share', share: 0.03 }).count, 3);
  assert.is(flag(scores, { kind: 'share', share: 1e-9 }).count, 1);
  const tied = flag([1, 2, 2, 2], { kind: 'share', share: 0.25 });
  assert.is(tied.count, 3);
  assert.match(flaggedText(tied, 4), /2 more than asked for, as their scores are equal/);
});

test('shares and quantiles outside (0, 1) are refused', () => {
  for (const kind of ['quantile', 'share'] as const) {
    for (const value of [0, 1, -0.1, 1.5, Number.NaN]) {
      const rule = kind === 'quantile' ? { kind, q: value } : { kind, share: value };
      assert.throws(() => flag(scores, rule), new RegExp(`--${kind} is ${value}: it must be above 0 and below 1`));
    }
  }
});

test.run();
