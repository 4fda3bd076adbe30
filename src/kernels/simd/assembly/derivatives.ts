import { expBelow4, expm1Below4 } from './exp';

// Numbers of the activations, as in activations.ts beside this folder; kernels branch on them once a call.
export const SIGMOID: i32 = 0;
export const TANH: i32 = 1;
export const RELU: i32 = 2;
export const SOFTPLUS: i32 = 3;
export const LINEAR: i32 = 4;

/** u·f′(z), f′ from a = f(z); `c` is where the constants lie; `f` is a constant wherever this is put in, and so is its branch. */
// @ts-ignore: decorator
@inline
export function timesDerivative(f: i32, c: usize, u: v128, a: v128): v128 {
  const one = f32x4.splat(1);
  if (f == SIGMOID) return f32x4.mul(u, f32x4.mul(a, f32x4.sub(one, a)));
  if (f == TANH) return f32x4.mul(u, f32x4.sub(one, f32x4.mul(a, a)));
  if (f == RELU) return v128.andnot(u, f32x4.le(a, f32x4.splat(0))); // 0, not 0·u: u may be infinite
  if (f == SOFTPLUS) return f32x4.mul(u, f32x4.neg(expm1Below4(c, f32x4.neg(a)))); // σ(z) = 1 − e⁻ᵃ
  return u;
}

/** f″(z) from a = f(z) and f′(z). */
// @ts-ignore: decorator
@inline
export function secondDerivative(f: i32, c: usize, first: v128, a: v128): v128 {
  const one = f32x4.splat(1);
  if (f == SIGMOID) return f32x4.mul(first, f32x4.sub(one, f32x4.add(a, a)));
  if (f == TANH) return f32x4.mul(f32x4.mul(f32x4.splat(-2), a), first);
  if (f == SOFTPLUS) return f32x4.mul(first, expBelow4(c, f32x4.neg(a)));
  return f32x4.splat(0);
}
