import { at, gather, high, low, sumLanes } from './lanes';

/** x·y of n numbers in float64: lanes 0 and 2 of every four in one sum, 1 and 3 in the other. */
export function rowDot(n: i32, x: usize, xStep: i32, y: usize, yStep: i32): f64 {
  let first = f64x2.splat(0);
  let second = first;
  if (x == y && xStep == 1 && yStep == 1) {
    for (; n >= 4; n -= 4) {
      const a = v128.load(x);
      first = f64x2.add(first, f64x2.mul(low(a), low(a)));
      second = f64x2.add(second, f64x2.mul(high(a), high(a)));
      x += 16;
    }
    y = x;
  } else if (xStep == 1 && yStep == 1) {
    for (; n >= 4; n -= 4) {
      const a = v128.load(x);
      const b = v128.load(y);
      first = f64x2.add(first, f64x2.mul(low(a), low(b)));
      second = f64x2.add(second, f64x2.mul(high(a), high(b)));
      x += 16;
      y += 16;
    }
  }
  for (; n > 0; n -= 4) {
    const a = gather(x, xStep, n);
    const b = gather(y, yStep, n);
    first = f64x2.add(first, f64x2.mul(low(a), low(b)));
    second = f64x2.add(second, f64x2.mul(high(a), high(b)));
    x = at(x, 4, xStep);
    y = at(y, 4, yStep);
  }
  return sumLanes(f64x2.add(first, second));
}
