// Numbers in fours. Where they do not lie one after the other, or fewer than four are left, they are gathered into one
// vector, so that every layout goes through the same arithmetic and gives the same bits.

/** Where number `index` of x lies. Strides may be negative: usize wraps around. */
// @ts-ignore: decorator
@inline
export function at(x: usize, index: i32, step: i32): usize {
  return x + (((<usize>index) * (<usize>step)) << 2);
}

/** Numbers in row i of a walk: all of `columns`, but for the last row of a flat operand. */
// @ts-ignore: decorator
@inline
export function width(columns: i32, total: i32, i: i32): i32 {
  return min(columns, total - i * columns);
}

/** The first four numbers at p, `step` apart, or n where fewer are left; 0 in the other lanes. */
export function gather(p: usize, step: i32, n: i32): v128 {
  let x = f32x4.splat(0);
  x = f32x4.replace_lane(x, 0, load<f32>(p));
  if (n > 1) x = f32x4.replace_lane(x, 1, load<f32>(at(p, 1, step)));
  if (n > 2) x = f32x4.replace_lane(x, 2, load<f32>(at(p, 2, step)));
  if (n > 3) x = f32x4.replace_lane(x, 3, load<f32>(at(p, 3, step)));
  return x;
}

/** Stores four lanes at p, `step` apart, or the first n where fewer are left. */
export function scatter(p: usize, step: i32, n: i32, x: v128): void {
  store<f32>(p, f32x4.extract_lane(x, 0));
  if (n > 1) store<f32>(at(p, 1, step), f32x4.extract_lane(x, 1));
  if (n > 2) store<f32>(at(p, 2, step), f32x4.extract_lane(x, 2));
  if (n > 3) store<f32>(at(p, 3, step), f32x4.extract_lane(x, 3));
}

/** The next four numbers, or the n that are left: for loops that are not worth two. */
// @ts-ignore: decorator
@inline
export function load4(p: usize, step: i32, n: i32): v128 {
  return step == 1 && n >= 4 ? v128.load(p) : gather(p, step, n);
}

// @ts-ignore: decorator
@inline
export function store4(p: usize, step: i32, n: i32, x: v128): void {
  if (step == 1 && n >= 4) v128.store(p, x);
  else scatter(p, step, n, x);
}

/** All bits set in the first n lanes: keeps what was gathered past the end out of a sum. */
// @ts-ignore: decorator
@inline
export function firstLanes(n: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(n));
}

/** sign(x)·γ, 0 at ±0; a NaN stays a NaN. */
// @ts-ignore: decorator
@inline
export function signed(gamma: v128, x: v128): v128 {
  const sign = v128.xor(gamma, v128.and(x, i32x4.splat(0x80000000)));
  return v128.bitselect(v128.and(sign, f32x4.ne(x, f32x4.splat(0))), x, f32x4.eq(x, x));
}

/** The sum of two lanes of float64: first the lower. */
// @ts-ignore: decorator
@inline
export function sumLanes(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** Lanes 0 and 1 in float64. */
// @ts-ignore: decorator
@inline
export function low(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

/** Lanes 2 and 3 in float64. */
// @ts-ignore: decorator
@inline
export function high(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f64>(x, x, 1, 1));
}
