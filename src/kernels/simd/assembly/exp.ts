import { DOWN, EXP, LEAST, LOG, MOST, ONE, PER_POWER, POWER_HIGH, POWER_LOW, ROUNDING, TWO, UP } from './constants';
import { multiplyAdd } from './tile';

// The exponential and its relatives in lanes: eˣ = 2ⁿ·eʳ, n the whole number next to x/ln 2, so that |r| ≤ ln 2/2. `c` is
// where the constants lie.

/** c − a·b: fused in the relaxed build. */
// @ts-ignore: decorator
@inline
function subtractProduct(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c);
  return f32x4.sub(c, f32x4.mul(a, b));
}

/** n + ROUNDING, n the whole number next to x/ln 2: n lies in the lowest bits. */
// @ts-ignore: decorator
@inline
function nearestPower(c: usize, x: v128): v128 {
  return multiplyAdd(x, v128.load(c, PER_POWER), v128.load(c, ROUNDING));
}

/** r = x − n·ln 2, ln 2 in two parts: n times the first is exact. */
// @ts-ignore: decorator
@inline
function remainder(c: usize, x: v128, rounded: v128): v128 {
  const n = f32x4.sub(rounded, v128.load(c, ROUNDING));
  return subtractProduct(n, v128.load(c, POWER_LOW), subtractProduct(n, v128.load(c, POWER_HIGH), x));
}

/** eʳ − 1 = r + r²·P(r) for |r| ≤ ln 2/2; P is of the fourth degree, and in pairs, in the relaxed build, of the fifth in the plain one. */
// @ts-ignore: decorator
@inline
function shortExpm1(c: usize, r: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) {
    const t = f32x4.mul(r, r);
    const lower = multiplyAdd(v128.load(c, EXP + 48), r, v128.load(c, EXP + 64));
    const upper = multiplyAdd(v128.load(c, EXP), t, multiplyAdd(v128.load(c, EXP + 16), r, v128.load(c, EXP + 32)));
    return multiplyAdd(multiplyAdd(upper, t, lower), t, r);
  }
  let p = multiplyAdd(v128.load(c, EXP), r, v128.load(c, EXP + 16));
  p = multiplyAdd(p, r, v128.load(c, EXP + 32));
  p = multiplyAdd(p, r, v128.load(c, EXP + 48));
  p = multiplyAdd(p, r, v128.load(c, EXP + 64));
  p = multiplyAdd(p, r, v128.load(c, EXP + 80));
  return multiplyAdd(p, f32x4.mul(r, r), r);
}

/** 2ⁿ·b for a power of two b, by way of the bits: of n + ROUNDING the shift leaves n. */
// @ts-ignore: decorator
@inline
function powerTimes(rounded: v128, b: v128): v128 {
  return i32x4.add(i32x4.shl(rounded, 23), b);
}

/** eˣ·b for x in range and a power of two b, where that is a normal number. */
// @ts-ignore: decorator
@inline
function expTimes(c: usize, x: v128, b: v128): v128 {
  const rounded = nearestPower(c, x);
  const y = f32x4.add(shortExpm1(c, remainder(c, x, rounded)), v128.load(c, ONE));
  return f32x4.mul(y, powerTimes(rounded, b));
}

/**
 * eˣ for x ≤ 0, off by less than 1 ulp where it is normal, and within a unit of 2⁻¹⁴⁹ below that: it underflows gradually,
 * is 0 at −∞ and NaN at NaN. 2ⁿ is put on as 2ⁿ⁺⁶⁴ and 2⁻⁶⁴, since n may be −150.
 */
// @ts-ignore: decorator
@inline
export function expBelow4(c: usize, x: v128): v128 {
  const z = f32x4.pmax(x, v128.load(c, LEAST)); // the first operand stays where it is a NaN
  return f32x4.mul(expTimes(c, z, v128.load(c, UP)), v128.load(c, DOWN));
}

/** eˣ for x ≥ 0, off by less than 1 ulp; e⁶⁴ above 64. */
// @ts-ignore: decorator
@inline
export function expAbove4(c: usize, x: v128): v128 {
  return expTimes(c, f32x4.pmin(x, v128.load(c, MOST)), v128.load(c, ONE));
}

/** eˣ − 1 for x ≤ 0, relative accuracy around 0 included: 2ⁿ(q + 1) − 1 = 2ⁿq + (2ⁿ − 1), q = eʳ − 1; −1 below −64. */
// @ts-ignore: decorator
@inline
export function expm1Below4(c: usize, x: v128): v128 {
  const one = v128.load(c, ONE);
  const z = f32x4.pmax(x, f32x4.neg(v128.load(c, MOST)));
  const rounded = nearestPower(c, z);
  const scale = powerTimes(rounded, one);
  return multiplyAdd(shortExpm1(c, remainder(c, z, rounded)), scale, f32x4.sub(scale, one));
}

/** log(1 + u) for 0 ≤ u ≤ 1: 2·artanh(w/2) = w + w³/12 + …, w = 2u/(2 + u), the tail by a minimax polynomial in w². */
// @ts-ignore: decorator
@inline
export function log1p4(c: usize, u: v128): v128 {
  const w = f32x4.div(f32x4.add(u, u), f32x4.add(u, v128.load(c, TWO)));
  const t = f32x4.mul(w, w);
  let p = multiplyAdd(v128.load(c, LOG), t, v128.load(c, LOG + 16));
  p = multiplyAdd(p, t, v128.load(c, LOG + 32));
  p = multiplyAdd(p, t, v128.load(c, LOG + 48));
  return multiplyAdd(f32x4.mul(p, t), w, w);
}
