import { storeLanes } from './compact';
import { at, load4 } from './lanes';

// The k-th largest of a row by bisection: numbers on the wrong side of a pivot are dropped, so that passes shrink. The
// numbers lie in a buffer that NaN fills up to a multiple of four; a NaN is on neither side of a pivot. Every pass
// leaves the least and the greatest of what it kept in `bounds`.

// @ts-ignore: decorator
@inline
export function least(bounds: usize): f32 {
  return load<f32>(bounds);
}

// @ts-ignore: decorator
@inline
export function greatest(bounds: usize): f32 {
  return load<f32>(bounds, 4);
}

/** The least lane of `low` and the greatest of `high`. */
// @ts-ignore: decorator
@inline
function storeBounds(bounds: usize, low: v128, high: v128): void {
  low = f32x4.pmin(low, v128.shuffle<f32>(low, low, 2, 3, 0, 1));
  low = f32x4.pmin(low, v128.shuffle<f32>(low, low, 1, 0, 3, 2));
  high = f32x4.pmax(high, v128.shuffle<f32>(high, high, 2, 3, 0, 1));
  high = f32x4.pmax(high, v128.shuffle<f32>(high, high, 1, 0, 3, 2));
  store<f32>(bounds, f32x4.extract_lane(low, 0));
  store<f32>(bounds, f32x4.extract_lane(high, 0), 4);
}

/** Copies n numbers, `step` apart, to the buffer; returns how many are none of NaN. */
export function fillBuffer(buffer: usize, x: usize, step: i32, n: i32, bounds: usize): i32 {
  let low = f32x4.splat(Infinity);
  let high = f32x4.splat(-Infinity);
  let numbers = i32x4.splat(0);
  for (; n > 0; n -= 4) {
    let v = load4(x, step, n);
    if (n < 2) v = f32x4.replace_lane(v, 1, NaN);
    if (n < 3) v = f32x4.replace_lane(v, 2, NaN);
    if (n < 4) v = f32x4.replace_lane(v, 3, NaN);
    v128.store(buffer, v);
    low = f32x4.pmin(low, v);
    high = f32x4.pmax(high, v);
    numbers = i32x4.sub(numbers, f32x4.eq(v, v));
    buffer += 16;
    x = at(x, 4, step);
  }
  storeBounds(bounds, low, high);
  numbers = i32x4.add(numbers, v128.shuffle<i32>(numbers, numbers, 2, 3, 0, 1));
  return i32x4.extract_lane(numbers, 0) + i32x4.extract_lane(numbers, 1);
}

/** How many of the first n of the buffer are above p. */
export function countAbove(buffer: usize, n: i32, p: f32): i32 {
  const pivot = f32x4.splat(p);
  let above = i32x4.splat(0);
  for (; n > 0; n -= 4) {
    above = i32x4.sub(above, f32x4.gt(v128.load(buffer), pivot));
    buffer += 16;
  }
  above = i32x4.add(above, v128.shuffle<i32>(above, above, 2, 3, 0, 1));
  return i32x4.extract_lane(above, 0) + i32x4.extract_lane(above, 1);
}

// @ts-ignore: decorator
@inline
function keep(above: bool, buffer: usize, n: i32, p: f32, bounds: usize, table: usize): i32 {
  const pivot = f32x4.splat(p);
  const infinity = f32x4.splat(Infinity);
  const negative = f32x4.splat(-Infinity);
  let low = infinity;
  let high = negative;
  let out = buffer;
  for (let from = buffer; n > 0; n -= 4) {
    const v = v128.load(from);
    const side = above ? f32x4.gt(v, pivot) : f32x4.le(v, pivot);
    const mask = i32x4.bitmask(side);
    low = f32x4.pmin(low, v128.bitselect(v, infinity, side));
    high = f32x4.pmax(high, v128.bitselect(v, negative, side));
    storeLanes(out, v, mask, table); // behind what has been read
    out += popcnt<i32>(mask) << 2;
    from += 16;
  }
  v128.store(out, f32x4.splat(NaN));
  storeBounds(bounds, low, high);
  return <i32>((out - buffer) >> 2);
}

/** Keeps, in place, those of n numbers that are above p; returns how many. */
export function keepAbove(buffer: usize, n: i32, p: f32, bounds: usize, table: usize): i32 {
  return keep(true, buffer, n, p, bounds, table);
}

/** Keeps those that are not above p. */
export function keepRest(buffer: usize, n: i32, p: f32, bounds: usize, table: usize): i32 {
  return keep(false, buffer, n, p, bounds, table);
}

/** Bits in the order of the numbers, one for both zeros; its own inverse. */
// @ts-ignore: decorator
@inline
function order(bits: i32): i32 {
  return bits < 0 ? i32.MIN_VALUE - bits : bits;
}

/**
 * A number p with low ≤ p < high, about where the `need` largest of `numbers` may end: a part of the way from low to
 * high, which suits numbers of one size. Every other time the middle of the representable numbers between, so that 64
 * passes are enough for any.
 */
export function pivotOf(low: f32, high: f32, need: i32, numbers: i32, pass: i32): f32 {
  const part: f32 = need < numbers >> 2 ? 0.75 : need > numbers - (numbers >> 2) ? 0.25 : 0.5;
  const mean: f32 = (1 - part) * low + part * high;
  if (!(pass & 1) && mean >= low && mean < high) return mean;
  const a = order(reinterpret<i32>(low));
  const b = order(reinterpret<i32>(high));
  return reinterpret<f32>(order((a & b) + ((a ^ b) >> 1)));
}
