import { RELU, SIGMOID, SOFTPLUS, TANH } from '../derivatives';
import { ONE, SIGN, TWO } from './constants';
import { expBelow2, expm1Below2, log1p2 } from './exp';

// Activations in float64, as in ../functions.ts and ../derivatives.ts; `c` is where the constants lie.

/** e^−|z|. */
// @ts-ignore: decorator
@inline
export function decay2(c: usize, z: v128): v128 {
  return expBelow2(c, v128.or(z, v128.load(c, SIGN)));
}

/** σ(z) from u = e^−|z|: 1/(1 + u), or u/(1 + u) where z < 0. */
// @ts-ignore: decorator
@inline
export function sigmoidOf(c: usize, z: v128, u: v128): v128 {
  const one = v128.load(c, ONE);
  return f64x2.div(v128.bitselect(u, one, f64x2.lt(z, f64x2.splat(0))), f64x2.add(one, u));
}

/** tanh |z| = −t/(2 + t), t = e^−2|z| − 1. */
// @ts-ignore: decorator
@inline
function tanh2(c: usize, z: v128): v128 {
  const below = v128.or(z, v128.load(c, SIGN));
  const t = expm1Below2(c, f64x2.add(below, below));
  const size = f64x2.abs(f64x2.div(t, f64x2.add(t, v128.load(c, TWO))));
  return v128.or(size, v128.and(z, v128.load(c, SIGN)));
}

/** max(z, 0), and NaN at NaN; −0 at −0. */
// @ts-ignore: decorator
@inline
export function positive2(z: v128): v128 {
  return f64x2.pmax(z, f64x2.splat(0));
}

/** f(z); softplus is max(z, 0) + log(1 + e^−|z|), and every number beside the four is its e^−|z|, for the test of it. */
// @ts-ignore: decorator
@inline
export function apply(f: i32, c: usize, z: v128): v128 {
  if (f == TANH) return tanh2(c, z);
  if (f == RELU) return f64x2.add(positive2(z), f64x2.splat(0)); // −0 becomes 0
  const u = decay2(c, z);
  if (f == SIGMOID) return sigmoidOf(c, z, u);
  if (f == SOFTPLUS) return f64x2.add(positive2(z), log1p2(c, u));
  return u;
}

/** u·f′(z), f′ from a = f(z). */
// @ts-ignore: decorator
@inline
export function timesDerivative(f: i32, c: usize, u: v128, a: v128): v128 {
  const one = f64x2.splat(1);
  if (f == SIGMOID) return f64x2.mul(u, f64x2.mul(a, f64x2.sub(one, a)));
  if (f == TANH) return f64x2.mul(u, f64x2.sub(one, f64x2.mul(a, a)));
  if (f == RELU) return v128.andnot(u, f64x2.le(a, f64x2.splat(0))); // 0, not 0·u: u may be infinite
  if (f == SOFTPLUS) return f64x2.mul(u, f64x2.neg(expm1Below2(c, f64x2.neg(a)))); // σ(z) = 1 − e⁻ᵃ
  return u;
}
