import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, transposed, vector } from '../../src/array/matrix.ts';
import { assertClose } from './close.ts';

/** What an assertion says; empty if it passes. uvu's own `throws` lets failed assertions through. */
function failure(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    return error instanceof assert.Assertion ? error.message : `no assertion: ${error}`;
  }
  return '';
}

const two = () => matrix(Float64Array.of(1, 2, 3, 4, 5, 6), 2, 3);

test('assertClose accepts equal arrays, typed arrays and views of any layout', () => {
  assertClose([1, 2], Float64Array.of(1, 2));
  assertClose(two(), [1, 2, 3, 4, 5, 6]);
  assertClose(transposed(two()), matrix(Float64Array.of(1, 4, 2, 5, 3, 6), 3, 2));
  assertClose([], []);
});

test('assertClose accepts a difference within the tolerance and refuses one beyond', () => {
  assertClose([1 + 9e-13], [1]);
  assert.ok(failure(() => assertClose([1 + 2e-12], [1])));
  assertClose([1.05], [1], { rtol: 0, atol: 0.06 });
  assert.ok(failure(() => assertClose([1.07], [1], { rtol: 0, atol: 0.06 })));
  assertClose([1.05, 2.5], [1, 2], { rtol: 0, atol: [0.06, 0.6] });
  assert.ok(failure(() => assertClose([1.05, 2.5], [1, 2], { rtol: 0, atol: [0.6, 0.06] })));
});

test('assertClose measures against the expected value, and exactly with both tolerances 0', () => {
  const exact = { rtol: 0, atol: 0 };
  assertClose([0.1, 0], [0.1, -0], exact);
  assert.ok(failure(() => assertClose([0.1 + 2e-17 + 1e-17], [0.1], exact)));
  assert.ok(failure(() => assertClose([0], [5e-324], exact)));
});

test('assertClose fails on NaN, on either side and on both', () => {
  assert.match(
    failure(() => assertClose([Number.NaN], [1])),
    /NaN where 1/,
  );
  assert.match(
    failure(() => assertClose([1], [Number.NaN])),
    /1 where NaN/,
  );
  assert.match(
    failure(() => assertClose([Number.NaN], [Number.NaN])),
    /NaN where NaN/,
  );
  assert.ok(failure(() => assertClose([1, Number.NaN], [1, 1], { rtol: 1e300, atol: 1e300 })));
  assert.ok(failure(() => assertClose([1], [1 + 1e-9], { atol: Number.NaN })));
});

test('assertClose lets an infinity equal itself alone', () => {
  const infinity = Number.POSITIVE_INFINITY;
  assertClose([infinity, -infinity], [infinity, -infinity]);
  assert.ok(failure(() => assertClose([infinity], [1])));
  assert.ok(failure(() => assertClose([1], [infinity])));
  assert.ok(failure(() => assertClose([-infinity], [infinity])));
});

test('assertClose fails on a wrong shape, even with the same numbers', () => {
  const numbers = Float64Array.of(1, 1, 1, 1, 1, 1);
  assert.match(
    failure(() => assertClose(matrix(numbers, 2, 3), matrix(numbers, 3, 2))),
    /shape \(2,3\) is not \(3,2\)/,
  );
  assert.match(
    failure(() => assertClose(vector(numbers), matrix(numbers, 1, 6))),
    /shape/,
  );
});

test('assertClose fails on a wrong length, of values and of tolerances', () => {
  assert.match(
    failure(() => assertClose([1, 2], [1])),
    /2 values where 1/,
  );
  assert.match(
    failure(() => assertClose([], [1])),
    /0 values where 1/,
  );
  assert.match(
    failure(() => assertClose([1, 2], [1, 2], { atol: [1] })),
    /1 tolerances for 2/,
  );
});

test('assertClose names the worst element with both values', () => {
  const other = matrix(Float64Array.of(1, 2, 3.5, 4, 9, 6), 2, 3);
  assert.match(
    failure(() => assertClose(other, two())),
    /at \(1, 1\): 9 where 5 is expected, off by 4/,
  );
});

test.run();
