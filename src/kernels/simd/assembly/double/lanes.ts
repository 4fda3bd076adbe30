// Float64 in pairs: as ../lanes.ts has float32 in fours. What is left of a row, or does not lie one after the other, goes
// through the same arithmetic, so that every layout gives the same bits.

/** Where number `index` of x lies. Strides may be negative: usize wraps around. */
// @ts-ignore: decorator
@inline
export function at(x: usize, index: i32, step: i32): usize {
  return x + (((<usize>index) * (<usize>step)) << 3);
}

/** The next two numbers, `step` apart, or the one that is left and 0. */
// @ts-ignore: decorator
@inline
export function load2(p: usize, step: i32, n: i32): v128 {
  if (step == 1 && n >= 2) return v128.load(p);
  const x = v128.load_zero<f64>(p);
  return n >= 2 ? v128.load_lane<f64>(at(p, 1, step), x, 1) : x;
}

/** Stores two lanes at p, `step` apart, or the first where one is left. */
// @ts-ignore: decorator
@inline
export function store2(p: usize, step: i32, n: i32, x: v128): void {
  if (step == 1 && n >= 2) {
    v128.store(p, x);
    return;
  }
  v128.store_lane<f64>(p, x, 0);
  if (n >= 2) v128.store_lane<f64>(at(p, 1, step), x, 1);
}

/** The first of two lanes where one number is left, both otherwise: keeps what lies past the end out of a sum. */
// @ts-ignore: decorator
@inline
export function firstOf(x: v128, n: i32): v128 {
  return n >= 2 ? x : v128.and(x, i64x2(-1, 0));
}

/** sign(x)·γ, 0 at ±0; a NaN stays a NaN. */
// @ts-ignore: decorator
@inline
export function signed(gamma: v128, x: v128): v128 {
  const sign = v128.xor(gamma, v128.and(x, i64x2.splat(0x8000000000000000)));
  return v128.bitselect(v128.and(sign, f64x2.ne(x, f64x2.splat(0))), x, f64x2.eq(x, x));
}
