import { ONE, SIGN, SMALL, TANH, TWO } from './constants';
import { expAbove4, expBelow4, log1p4 } from './exp';
import { multiplyAdd } from './tile';

/** e^−|z|, from which the logistic functions are put together without overflow. `c` is where the constants lie. */
// @ts-ignore: decorator
@inline
export function decay4(c: usize, z: v128): v128 {
  return expBelow4(c, v128.or(z, v128.load(c, SIGN)));
}

/** σ(z) from u = e^−|z|: 1/(1 + u), or u/(1 + u) where z < 0, which keeps the digits of the lower tail. */
// @ts-ignore: decorator
@inline
export function sigmoidOf(c: usize, z: v128, u: v128): v128 {
  const one = v128.load(c, ONE);
  return f32x4.div(v128.bitselect(u, one, f32x4.lt(z, f32x4.splat(0))), f32x4.add(one, u));
}

/** σ(z) = 1/(1 + e⁻ᶻ). */
// @ts-ignore: decorator
@inline
export function sigmoid4(c: usize, z: v128): v128 {
  return sigmoidOf(c, z, decay4(c, z));
}

/** tanh(z): z + z³·P(z²) below 0.625, P being Cephes'; ±(1 − 2/(1 + e^2|z|)) above. */
// @ts-ignore: decorator
@inline
export function tanh4(c: usize, z: v128): v128 {
  const size = f32x4.abs(z);
  const one = v128.load(c, ONE);
  const ratio = f32x4.div(v128.load(c, TWO), f32x4.add(expAbove4(c, f32x4.add(size, size)), one));
  const large = v128.or(f32x4.sub(one, ratio), v128.and(z, v128.load(c, SIGN)));
  const t = f32x4.mul(z, z);
  let p = multiplyAdd(v128.load(c, TANH), t, v128.load(c, TANH + 16));
  p = multiplyAdd(p, t, v128.load(c, TANH + 32));
  p = multiplyAdd(p, t, v128.load(c, TANH + 48));
  p = multiplyAdd(p, t, v128.load(c, TANH + 64));
  const small = multiplyAdd(f32x4.mul(p, t), z, z);
  return v128.bitselect(small, large, f32x4.lt(size, v128.load(c, SMALL)));
}

/** max(z, 0), and NaN at NaN; −0 at −0. */
// @ts-ignore: decorator
@inline
export function positive4(z: v128): v128 {
  return f32x4.pmax(z, f32x4.splat(0));
}

/** log(1 + eᶻ) = max(z, 0) + log(1 + e^−|z|). */
// @ts-ignore: decorator
@inline
export function softplus4(c: usize, z: v128): v128 {
  return f32x4.add(positive4(z), log1p4(c, decay4(c, z)));
}
