import { addTo } from './column-sums';

// Gated units, n columns of a row, n a multiple of four: eʳ at u, b_gate at v. See column-pass.ts.

/** a = [z > 0]·relu(eʳ(z − b_gate) + b_mag), a at p, z at q, b_mag at w; a NaN stays one. */
export function gated(n: i32, p: usize, q: usize, u: usize, v: usize, w: usize): void {
  const zero = f32x4.splat(0);
  for (; n > 0; n -= 4) {
    const z = v128.load(q);
    const size = f32x4.add(f32x4.mul(v128.load(u), f32x4.sub(z, v128.load(v))), v128.load(w));
    v128.store(p, v128.andnot(size, v128.or(f32x4.le(z, zero), f32x4.le(size, zero))));
    p += 16;
    q += 16;
    u += 16;
    v += 16;
    w += 16;
  }
}

/** μ = ∂J/∂a·[a > 0]; sums += dGate, μ, μ(z − b_gate); δ = dGate + eʳμ. ∂J/∂a and δ at p, dGate at q, a at r, z at s. */
export function gatedDelta(
  n: i32,
  p: usize,
  q: usize,
  r: usize,
  s: usize,
  u: usize,
  v: usize,
  sum: usize,
  next: usize,
  last: usize,
): void {
  for (; n > 0; n -= 4) {
    const dGate = v128.load(q);
    const mu = v128.and(v128.load(p), f32x4.gt(v128.load(r), f32x4.splat(0)));
    addTo(sum, dGate);
    addTo(next, mu);
    addTo(last, f32x4.mul(mu, f32x4.sub(v128.load(s), v128.load(v))));
    v128.store(p, f32x4.add(dGate, f32x4.mul(v128.load(u), mu)));
    p += 16;
    q += 16;
    r += 16;
    s += 16;
    u += 16;
    v += 16;
    sum += 32;
    next += 32;
    last += 32;
  }
}

/** out = [z > 0]·x, out at p, x at q, z at r. */
export function mask(n: i32, p: usize, q: usize, r: usize): void {
  for (; n > 0; n -= 4) {
    v128.store(p, v128.and(v128.load(q), f32x4.gt(v128.load(r), f32x4.splat(0))));
    p += 16;
    q += 16;
    r += 16;
  }
}
