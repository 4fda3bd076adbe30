import { at, gather, high, low, scatter, sumLanes, width } from './lanes';

// One pass over flat vectors: row i begins i·columns numbers after the first. `before` receives θ as it was, and sums[i]
// Σg² over row i, in float64; either is left out where its pointer is 0.

/** sums + g², two lanes of it. */
// @ts-ignore: decorator
@inline
function addSquares(sum: v128, g: v128): v128 {
  const first = low(g);
  const second = high(g);
  return f64x2.add(sum, f64x2.add(f64x2.mul(first, first), f64x2.mul(second, second)));
}

/** v ← μv − ηg; θ ← θ + v, or θ ← θ + μv − ηg with the new v (Nesterov). */
export function momentumStep(
  columns: i32,
  total: i32,
  theta: usize,
  velocity: usize,
  gradient: usize,
  before: usize,
  sums: usize,
  rate: f32,
  momentum: f32,
  nesterov: i32,
  begin: i32,
  end: i32,
): void {
  const eta = f32x4.splat(rate);
  const mu = f32x4.splat(momentum);
  for (let i = begin; i < end; i++) {
    let n = width(columns, total, i);
    let offset: usize = at(0, i, columns);
    let sum = f64x2.splat(0);
    for (; n > 0; n -= 4) {
      const whole = n >= 4;
      const g = whole ? v128.load(gradient + offset) : gather(gradient + offset, 1, n);
      const old = whole ? v128.load(theta + offset) : gather(theta + offset, 1, n);
      const v = whole ? v128.load(velocity + offset) : gather(velocity + offset, 1, n);
      const step = f32x4.mul(eta, g);
      const moved = f32x4.sub(f32x4.mul(mu, v), step);
      const move = nesterov ? f32x4.sub(f32x4.mul(mu, moved), step) : moved;
      if (sums != 0) sum = addSquares(sum, g);
      if (whole) {
        if (before != 0) v128.store(before + offset, old);
        v128.store(velocity + offset, moved);
        v128.store(theta + offset, f32x4.add(old, move));
      } else {
        if (before != 0) scatter(before + offset, 1, n, old);
        scatter(velocity + offset, 1, n, moved);
        scatter(theta + offset, 1, n, f32x4.add(old, move));
      }
      offset += 16;
    }
    if (sums != 0) store<f64>(sums + (i << 3), sumLanes(sum));
  }
}

/**
 * m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; θ ← θ − η·(m/c₁) / (√(v/c₂) + ε), with the bias corrections c = 1 − βᵗ and
 * 1 − β from float64.
 */
export function adamStep(
  columns: i32,
  total: i32,
  theta: usize,
  first: usize,
  second: usize,
  gradient: usize,
  before: usize,
  sums: usize,
  rate: f32,
  beta1: f32,
  rest1: f32,
  correction1: f32,
  beta2: f32,
  rest2: f32,
  correction2: f32,
  epsilon: f32,
  begin: i32,
  end: i32,
): void {
  const eta = f32x4.splat(rate);
  const keep1 = f32x4.splat(beta1);
  const gain1 = f32x4.splat(rest1);
  const c1 = f32x4.splat(correction1);
  const keep2 = f32x4.splat(beta2);
  const gain2 = f32x4.splat(rest2);
  const c2 = f32x4.splat(correction2);
  const floor = f32x4.splat(epsilon);
  for (let i = begin; i < end; i++) {
    let n = width(columns, total, i);
    let offset: usize = at(0, i, columns);
    let sum = f64x2.splat(0);
    for (; n > 0; n -= 4) {
      const whole = n >= 4;
      const g = whole ? v128.load(gradient + offset) : gather(gradient + offset, 1, n);
      const old = whole ? v128.load(theta + offset) : gather(theta + offset, 1, n);
      const m = whole ? v128.load(first + offset) : gather(first + offset, 1, n);
      const v = whole ? v128.load(second + offset) : gather(second + offset, 1, n);
      const mean = f32x4.add(f32x4.mul(keep1, m), f32x4.mul(gain1, g));
      const square = f32x4.add(f32x4.mul(keep2, v), f32x4.mul(f32x4.mul(gain2, g), g));
      const size = f32x4.add(f32x4.sqrt(f32x4.div(square, c2)), floor);
      const next = f32x4.sub(old, f32x4.div(f32x4.mul(eta, f32x4.div(mean, c1)), size));
      if (sums != 0) sum = addSquares(sum, g);
      if (whole) {
        if (before != 0) v128.store(before + offset, old);
        v128.store(first + offset, mean);
        v128.store(second + offset, square);
        v128.store(theta + offset, next);
      } else {
        if (before != 0) scatter(before + offset, 1, n, old);
        scatter(first + offset, 1, n, mean);
        scatter(second + offset, 1, n, square);
        scatter(theta + offset, 1, n, next);
      }
      offset += 16;
    }
    if (sums != 0) store<f64>(sums + (i << 3), sumLanes(sum));
  }
}
