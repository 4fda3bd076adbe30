import { exp4, log1p4 } from './exp';

/** e^−|z|, from which the logistic functions are put together without overflow. */
// @ts-ignore: decorator
@inline
export function decay4(z: v128): v128 {
  return exp4(v128.or(z, i32x4.splat(0x80000000)));
}

/** σ(z) from u = e^−|z|: 1/(1 + u), or u/(1 + u) where z < 0, which keeps the digits of the lower tail. */
// @ts-ignore: decorator
@inline
export function sigmoidOf(z: v128, u: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(v128.bitselect(u, one, f32x4.lt(z, f32x4.splat(0))), f32x4.add(one, u));
}

/** σ(z) = 1/(1 + e⁻ᶻ). */
// @ts-ignore: decorator
@inline
export function sigmoid4(z: v128): v128 {
  return sigmoidOf(z, decay4(z));
}

/** tanh(z): z + z³·P(z²) below 0.625, P being Cephes'; ±(1 − 2/(1 + e^2|z|)) above. */
// @ts-ignore: decorator
@inline
export function tanh4(z: v128): v128 {
  const size = f32x4.abs(z);
  const one = f32x4.splat(1);
  const ratio = f32x4.div(f32x4.splat(2), f32x4.add(exp4(f32x4.add(size, size)), one));
  const large = v128.or(f32x4.sub(one, ratio), v128.and(z, i32x4.splat(0x80000000)));
  const t = f32x4.mul(z, z);
  let p = f32x4.splat(-5.70498872745e-3);
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(2.06390887954e-2));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-5.37397155531e-2));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(1.33314422036e-1));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-3.33332819422e-1));
  const small = f32x4.add(f32x4.mul(f32x4.mul(p, t), z), z);
  return v128.bitselect(small, large, f32x4.lt(size, f32x4.splat(0.625)));
}

/** log(1 + eᶻ) = max(z, 0) + log(1 + e^−|z|). */
// @ts-ignore: decorator
@inline
export function softplus4(z: v128): v128 {
  return f32x4.add(f32x4.max(z, f32x4.splat(0)), log1p4(decay4(z)));
}
