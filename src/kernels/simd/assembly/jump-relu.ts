import { addTo } from './column-sums';

// Jump-relu units, n columns of a row, n a multiple of four: z at q, θ at u. See column-pass.ts.

/** Whether z is within half a window of θ. */
// @ts-ignore: decorator
@inline
function near4(z: v128, theta: v128, half: f32): v128 {
  return f32x4.lt(f32x4.abs(f32x4.sub(z, theta)), f32x4.splat(half));
}

/** a = z·[z > θ], a at p; a NaN stays one. */
export function jump(n: i32, p: usize, q: usize, u: usize): void {
  for (; n > 0; n -= 4) {
    const z = v128.load(q);
    v128.store(p, v128.andnot(z, f32x4.le(z, v128.load(u))));
    p += 16;
    q += 16;
    u += 16;
  }
}

/** With e = (θ/ε)·K·δ: sum += e; δ = [z > θ]·δ, `toInput` + e. δ at p. */
export function jumpDelta(
  n: i32,
  p: usize,
  q: usize,
  u: usize,
  sum: usize,
  perBandwidth: f32,
  half: f32,
  toInput: bool,
): void {
  const there = i32x4.splat(-<i32>toInput);
  for (; n > 0; n -= 4) {
    const z = v128.load(q);
    const theta = v128.load(u);
    const delta = v128.load(p);
    const share = f32x4.mul(theta, f32x4.splat(perBandwidth));
    const estimate = v128.and(f32x4.mul(share, delta), near4(z, theta, half));
    addTo(sum, estimate);
    v128.store(p, f32x4.add(v128.and(delta, f32x4.gt(z, theta)), v128.and(estimate, there)));
    p += 16;
    q += 16;
    u += 16;
    sum += 32;
  }
}

/** sum += K; dZ += share·K where there is a dZ, at p. */
export function l0Delta(n: i32, p: usize, q: usize, u: usize, sum: usize, share: f32, half: f32, toInput: bool): void {
  for (; n > 0; n -= 4) {
    const near = near4(v128.load(q), v128.load(u), half);
    addTo(sum, v128.and(f32x4.splat(1), near));
    if (toInput) v128.store(p, f32x4.add(v128.load(p), v128.and(f32x4.splat(share), near)));
    p += 16;
    q += 16;
    u += 16;
    sum += 32;
  }
}

/** sum += [z < θ], the next one relu(θ − z); dZ −= v·[z < θ]; dZ at p, v behind θ. */
export function preActivation(n: i32, p: usize, q: usize, u: usize, v: usize, sum: usize, next: usize): void {
  for (; n > 0; n -= 4) {
    const gap = f32x4.sub(v128.load(u), v128.load(q));
    const below = v128.not(f32x4.le(gap, f32x4.splat(0))); // a NaN shows
    addTo(sum, v128.and(f32x4.splat(1), below));
    addTo(next, v128.and(gap, below));
    v128.store(p, f32x4.sub(v128.load(p), v128.and(v128.load(v), below)));
    p += 16;
    q += 16;
    u += 16;
    v += 16;
    sum += 32;
    next += 32;
  }
}
