import { sumLanes, width } from '../lanes';
import { at, load2, store2 } from './lanes';

// As ../optimizer-steps.ts: flat vectors; `before` receives θ as it was, and sums[i] Σg² over row i; 0 where they are left out.

/** v ← μv − ηg; θ ← θ + v, or θ ← θ + μv − ηg with the new v (Nesterov). */
export function momentumStep(
  columns: i32,
  total: i32,
  theta: usize,
  velocity: usize,
  gradient: usize,
  before: usize,
  sums: usize,
  rate: f64,
  momentum: f64,
  nesterov: i32,
  begin: i32,
  end: i32,
): void {
  const eta = f64x2.splat(rate);
  const mu = f64x2.splat(momentum);
  for (let i = begin; i < end; i++) {
    let offset: usize = at(0, i, columns);
    let sum = f64x2.splat(0);
    for (let n = width(columns, total, i); n > 0; n -= 2) {
      const g = load2(gradient + offset, 1, n);
      const old = load2(theta + offset, 1, n);
      const step = f64x2.mul(eta, g);
      const moved = f64x2.sub(f64x2.mul(mu, load2(velocity + offset, 1, n)), step);
      const move = nesterov ? f64x2.sub(f64x2.mul(mu, moved), step) : moved;
      sum = f64x2.add(sum, f64x2.mul(g, g));
      if (before != 0) store2(before + offset, 1, n, old);
      store2(velocity + offset, 1, n, moved);
      store2(theta + offset, 1, n, f64x2.add(old, move));
      offset += 16;
    }
    if (sums != 0) store<f64>(sums + (i << 3), sumLanes(sum));
  }
}

/** m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; θ ← θ − η·(m/c₁) / (√(v/c₂) + ε), with the bias corrections c = 1 − βᵗ. */
export function adamStep(
  columns: i32,
  total: i32,
  theta: usize,
  first: usize,
  second: usize,
  gradient: usize,
  before: usize,
  sums: usize,
  rate: f64,
  beta1: f64,
  rest1: f64,
  correction1: f64,
  beta2: f64,
  rest2: f64,
  correction2: f64,
  epsilon: f64,
  begin: i32,
  end: i32,
): void {
  const eta = f64x2.splat(rate);
  const keep1 = f64x2.splat(beta1);
  const gain1 = f64x2.splat(rest1);
  const c1 = f64x2.splat(correction1);
  const keep2 = f64x2.splat(beta2);
  const gain2 = f64x2.splat(rest2);
  const c2 = f64x2.splat(correction2);
  const floor = f64x2.splat(epsilon);
  for (let i = begin; i < end; i++) {
    let offset: usize = at(0, i, columns);
    let sum = f64x2.splat(0);
    for (let n = width(columns, total, i); n > 0; n -= 2) {
      const g = load2(gradient + offset, 1, n);
      const old = load2(theta + offset, 1, n);
      const mean = f64x2.add(f64x2.mul(keep1, load2(first + offset, 1, n)), f64x2.mul(gain1, g));
      const square = f64x2.add(f64x2.mul(keep2, load2(second + offset, 1, n)), f64x2.mul(f64x2.mul(gain2, g), g));
      const size = f64x2.add(f64x2.sqrt(f64x2.div(square, c2)), floor);
      sum = f64x2.add(sum, f64x2.mul(g, g));
      if (before != 0) store2(before + offset, 1, n, old);
      store2(first + offset, 1, n, mean);
      store2(second + offset, 1, n, square);
      store2(theta + offset, 1, n, f64x2.sub(old, f64x2.div(f64x2.mul(eta, f64x2.div(mean, c1)), size)));
      offset += 16;
    }
    if (sums != 0) store<f64>(sums + (i << 3), sumLanes(sum));
  }
}
