// The exponential and its relatives in lanes, without tables: eˣ = 2ⁿ·eʳ, n the whole number next to x/ln 2, so that
// |r| ≤ ln 2/2.

/** Added to a small number, it leaves the nearest whole number in the lowest bits: 1.5·2²³. */
const ROUNDING: f32 = 12582912;
const ROUNDING_BITS: i32 = 0x4b400000;

/** x within the range outside of which eˣ is 0 or ∞ in float32. The first operand stays where it is a NaN. */
// @ts-ignore: decorator
@inline
function clamp(x: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, f32x4.splat(-104)), f32x4.splat(89));
}

/** n + ROUNDING, n the whole number next to x/ln 2. */
// @ts-ignore: decorator
@inline
function nearestPower(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504088896341)), f32x4.splat(ROUNDING));
}

/** r = x − n·ln 2, ln 2 in two parts: n times the first is exact. */
// @ts-ignore: decorator
@inline
function remainder(x: v128, rounded: v128): v128 {
  const n = f32x4.sub(rounded, f32x4.splat(ROUNDING));
  const first = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  return f32x4.sub(first, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
}

/** eʳ − 1 = r + r²·P(r) for |r| ≤ ln 2/2; P is Cephes' minimax polynomial. */
// @ts-ignore: decorator
@inline
function shortExpm1(r: v128): v128 {
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  return f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r);
}

/** 2ᵏ for whole k, −126 ≤ k ≤ 127. */
// @ts-ignore: decorator
@inline
function power(k: v128): v128 {
  return i32x4.shl(i32x4.add(k, i32x4.splat(127)), 23);
}

/**
 * eˣ, off by less than 1 ulp where it is normal, and within a unit of 2⁻¹⁴⁹ below that: it underflows gradually, is 0 at
 * −∞, ∞ at +∞ and beyond float32's range, NaN at NaN. 2ⁿ is put on in two halves, since n may be 128 or −150.
 */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  const z = clamp(x);
  const rounded = nearestPower(z);
  const n = i32x4.sub(rounded, i32x4.splat(ROUNDING_BITS));
  const half = i32x4.shr_s(n, 1);
  const y = f32x4.add(shortExpm1(remainder(z, rounded)), f32x4.splat(1));
  return f32x4.mul(f32x4.mul(y, power(half)), power(i32x4.sub(n, half)));
}

/** eˣ − 1, relative accuracy around 0 included: 2ⁿ(q + 1) − 1 = 2ᵇ(2ᵃq + (2ᵃ − 2⁻ᵇ)), q = eʳ − 1, a + b = n. */
// @ts-ignore: decorator
@inline
export function expm14(x: v128): v128 {
  const z = clamp(x);
  const rounded = nearestPower(z);
  const n = i32x4.sub(rounded, i32x4.splat(ROUNDING_BITS));
  const half = i32x4.shr_s(n, 1);
  const rest = i32x4.sub(n, half);
  const scale = power(half);
  const ones = f32x4.sub(scale, power(i32x4.neg(rest)));
  return f32x4.mul(f32x4.add(f32x4.mul(shortExpm1(remainder(z, rounded)), scale), ones), power(rest));
}

/** log(1 + u) for 0 ≤ u ≤ 1: 2·artanh(w/2) = w + w³/12 + …, w = 2u/(2 + u), the tail by a minimax polynomial in w². */
// @ts-ignore: decorator
@inline
export function log1p4(u: v128): v128 {
  const w = f32x4.div(f32x4.add(u, u), f32x4.add(u, f32x4.splat(2)));
  const t = f32x4.mul(w, w);
  let p = f32x4.splat(5.473528309e-04);
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(2.187432808e-03));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(1.250678098e-02));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(8.333301641e-02));
  return f32x4.add(f32x4.mul(f32x4.mul(p, t), w), w);
}
