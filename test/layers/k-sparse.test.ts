import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type KSparseSpec, survivorsAt, survivorsOfEncoding } from '../../src/layers/k-sparse.ts';

const spec = (more: Partial<KSparseSpec> = {}): KSparseSpec => ({ kind: 'k-sparse', k: 25, ...more });
/** The whole schedule of a run. */
const schedule = (s: KSparseSpec, units: number, epochs: number) =>
  Array.from({ length: epochs }, (_, epoch) => survivorsAt(s, units, epoch, epochs));

test('survivorsAt falls from 100 to k = 25 over the first half of ten epochs', () => {
  assert.equal(schedule(spec(), 1000, 10), [100, 85, 70, 55, 40, 25, 25, 25, 25, 25]);
});

test('survivorsAt starts at 4k where that is more than 100, and at no more than there are units', () => {
  assert.is(survivorsAt(spec({ k: 40 }), 1000, 0, 10), 160);
  assert.is(survivorsAt(spec({ k: 40 }), 120, 0, 10), 120);
  assert.equal(schedule(spec({ k: 10 }), 50, 4), [50, 30, 10, 10]);
  assert.is(survivorsAt(spec({ k: 50 }), 50, 0, 10), 50);
});

test('survivorsAt takes annealFrom and annealOver', () => {
  assert.equal(schedule(spec({ k: 2, annealFrom: 6, annealOver: 1 }), 8, 4), [6, 5, 4, 2]); // the last epoch has k
  assert.equal(schedule(spec({ k: 2, annealFrom: 6, annealOver: 0.75 }), 8, 4), [6, 5, 3, 2]);
  assert.equal(schedule(spec({ k: 2, annealFrom: 6, annealOver: 0 }), 8, 3), [2, 2, 2]);
  assert.equal(schedule(spec({ k: 6, annealFrom: 6 }), 8, 3), [6, 6, 6]);
});

test('survivorsAt never rises and never leaves k … annealFrom, and its second half is k', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(200), fc.integer({ min: 2, max: 40 }), (k, more, epochs) => {
      const all = schedule(spec({ k, annealFrom: k + more }), k + more + 5, epochs);
      all.forEach((survivors, epoch) => {
        assert.ok(Number.isInteger(survivors) && survivors >= k && survivors <= k + more);
        if (epoch > 0) assert.ok(survivors <= all[epoch - 1]);
        if (epoch >= epochs / 2) assert.is(survivors, k);
      });
      assert.is(all[0], k + more);
    }),
    { seed: 3, numRuns: 500 },
  );
});

test('survivorsOfEncoding keeps round(αk), at least 1, at most all', () => {
  assert.is(survivorsOfEncoding(spec(), 1000), 25);
  assert.is(survivorsOfEncoding(spec({ alpha: 3 }), 1000), 75);
  assert.is(survivorsOfEncoding(spec({ k: 3, alpha: 1.5 }), 1000), 5); // 4.5 rounds up
  assert.is(survivorsOfEncoding(spec({ k: 3, alpha: 1.4 }), 1000), 4);
  assert.is(survivorsOfEncoding(spec({ k: 2, alpha: 0.1 }), 1000), 1);
  assert.is(survivorsOfEncoding(spec({ alpha: 3 }), 60), 60);
});

test.run();
