import * as assert from 'uvu/assert';

/** Fails where a number is off by more than 1e-5 of its row's largest; with `support` where one is 0 and the other is not. */
export function assertRows(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  columns: number,
  what: string,
  support = false,
): void {
  assert.is(actual.length, expected.length, what);
  for (let begin = 0; begin < expected.length; begin += columns) {
    let largest = 0;
    for (let i = begin; i < begin + columns; i++) largest = Math.max(largest, Math.abs(expected[i]));
    for (let i = begin; i < begin + columns; i++) {
      const where = `${what}, row ${begin / columns}, column ${i - begin}: ${actual[i]} and ${expected[i]}`;
      assert.ok(Math.abs(actual[i] - expected[i]) <= 1e-5 * largest, where);
      if (support) assert.is(actual[i] !== 0, expected[i] !== 0, where);
    }
  }
}
