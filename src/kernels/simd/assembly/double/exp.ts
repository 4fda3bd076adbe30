import {
  DOWN, EXP, HALF, LEAST, LIMIT, LOG, MOST, ONE, PER_POWER, POWER_HIGH, POWER_LOW, ROUNDING, TWO, UP,
} from './constants';

// The exponential and its relatives in float64, as in ../exp.ts: eˣ = 2ⁿ·eʳ. `c` is where the constants lie.

/** p·x + the constant at `place`: a step of Horner's rule. */
// @ts-ignore: decorator
@inline
function plus(p: v128, x: v128, constant: v128): v128 {
  return f64x2.add(f64x2.mul(p, x), constant);
}

/** n + ROUNDING, n the whole number next to x/ln 2: n lies in the lowest bits. */
// @ts-ignore: decorator
@inline
function nearestPower(c: usize, x: v128): v128 {
  return plus(x, v128.load(c, PER_POWER), v128.load(c, ROUNDING));
}

/** eʳ − 1 = r + r²·P(r), r = x − n·ln 2, even and odd terms of P apart. */
// @ts-ignore: decorator
@inline
function shortExpm1(c: usize, x: v128, rounded: v128): v128 {
  const n = f64x2.sub(rounded, v128.load(c, ROUNDING));
  const r = f64x2.sub(
    f64x2.sub(x, f64x2.mul(n, v128.load(c, POWER_HIGH))),
    f64x2.mul(n, v128.load(c, POWER_LOW)),
  );
  const t = f64x2.mul(r, r);
  let even = plus(v128.load(c, EXP + 160), t, v128.load(c, EXP + 128));
  let odd = plus(v128.load(c, EXP + 176), t, v128.load(c, EXP + 144));
  even = plus(even, t, v128.load(c, EXP + 96));
  odd = plus(odd, t, v128.load(c, EXP + 112));
  even = plus(even, t, v128.load(c, EXP + 64));
  odd = plus(odd, t, v128.load(c, EXP + 80));
  even = plus(even, t, v128.load(c, EXP + 32));
  odd = plus(odd, t, v128.load(c, EXP + 48));
  even = plus(even, t, v128.load(c, EXP));
  odd = plus(odd, t, v128.load(c, EXP + 16));
  return plus(plus(odd, r, even), t, r);
}

/** 2ⁿ·b for a power of two b, by way of the bits: of n + ROUNDING the shift leaves n. */
// @ts-ignore: decorator
@inline
function powerTimes(rounded: v128, b: v128): v128 {
  return i64x2.add(i64x2.shl(rounded, 52), b);
}

/** eˣ for x ≤ 0, off by less than 1 ulp, below 2⁻¹⁰²² by a unit of 2⁻¹⁰⁷⁴; 2ⁿ is put on as 2ⁿ⁺⁵¹² and 2⁻⁵¹². */
// @ts-ignore: decorator
@inline
export function expBelow2(c: usize, x: v128): v128 {
  const z = f64x2.pmax(x, v128.load(c, LEAST)); // the first operand stays where it is a NaN
  const rounded = nearestPower(c, z);
  const y = f64x2.add(shortExpm1(c, z, rounded), v128.load(c, ONE));
  return f64x2.mul(f64x2.mul(y, powerTimes(rounded, v128.load(c, UP))), v128.load(c, DOWN));
}

/** eˣ − 1 for x ≤ 0, relative accuracy around 0 included: 2ⁿ(q + 1) − 1 = 2ⁿq + (2ⁿ − 1), q = eʳ − 1; −1 below −64. */
// @ts-ignore: decorator
@inline
export function expm1Below2(c: usize, x: v128): v128 {
  const one = v128.load(c, ONE);
  const z = f64x2.pmax(x, f64x2.neg(v128.load(c, MOST)));
  const rounded = nearestPower(c, z);
  const scale = powerTimes(rounded, one);
  return plus(shortExpm1(c, z, rounded), scale, f64x2.sub(scale, one));
}

/**
 * log(1 + u) for 0 ≤ u ≤ 1, fdlibm's way: 1 + u = 2ᵏ(1 + f) with k of 0 or 1 and f in [1/√2 − 1, √2 − 1], s = f/(2 + f),
 * log(1 + f) = f − (f²/2 − s·(f²/2 + R(s²))).
 */
// @ts-ignore: decorator
@inline
export function log1p2(c: usize, u: v128): v128 {
  const half = v128.load(c, HALF);
  const halved = f64x2.gt(u, v128.load(c, LIMIT));
  const f = v128.bitselect(f64x2.mul(half, f64x2.sub(u, v128.load(c, ONE))), u, halved);
  const square = f64x2.mul(half, f64x2.mul(f, f));
  const s = f64x2.div(f, f64x2.add(v128.load(c, TWO), f));
  const z = f64x2.mul(s, s);
  let p = plus(v128.load(c, LOG + 96), z, v128.load(c, LOG + 80));
  p = plus(p, z, v128.load(c, LOG + 64));
  p = plus(p, z, v128.load(c, LOG + 48));
  p = plus(p, z, v128.load(c, LOG + 32));
  p = plus(p, z, v128.load(c, LOG + 16));
  p = plus(p, z, v128.load(c, LOG));
  const lower = v128.and(halved, v128.load(c, POWER_LOW));
  const inner = f64x2.add(f64x2.mul(s, plus(p, z, square)), lower);
  return f64x2.sub(v128.and(halved, v128.load(c, POWER_HIGH)), f64x2.sub(f64x2.sub(square, inner), f));
}
