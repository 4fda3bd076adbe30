import { sumLanes, width } from '../lanes';
import { at, load2, signed, store2 } from './lanes';

/** sums[i] = Σ w² over row i of a walk; dW = λ·w. */
export function weightDecay(
  columns: i32,
  total: i32,
  dW: usize,
  dRow: i32,
  dStep: i32,
  w: usize,
  wRow: i32,
  wStep: i32,
  sums: usize,
  lambda: f64,
  begin: i32,
  end: i32,
): void {
  const factor = f64x2.splat(lambda);
  for (let i = begin; i < end; i++) {
    let p = at(dW, i, dRow);
    let q = at(w, i, wRow);
    let sum = f64x2.splat(0);
    for (let n = width(columns, total, i); n > 0; n -= 2) {
      const x = load2(q, wStep, n);
      sum = f64x2.add(sum, f64x2.mul(x, x));
      store2(p, dStep, n, f64x2.mul(factor, x));
      p = at(p, 2, dStep);
      q = at(q, 2, wStep);
    }
    store<f64>(sums + (i << 3), sumLanes(sum));
  }
}

/** sums[i] = Σ |x|; dX += γ·sign(x), 0 at 0. */
export function absoluteSum(
  columns: i32,
  total: i32,
  dX: usize,
  dRow: i32,
  dStep: i32,
  x: usize,
  xRow: i32,
  xStep: i32,
  sums: usize,
  gamma: f64,
  begin: i32,
  end: i32,
): void {
  const slope = f64x2.splat(gamma);
  for (let i = begin; i < end; i++) {
    let p = at(dX, i, dRow);
    let q = at(x, i, xRow);
    let sum = f64x2.splat(0);
    for (let n = width(columns, total, i); n > 0; n -= 2) {
      const value = load2(q, xStep, n);
      sum = f64x2.add(sum, f64x2.abs(value));
      store2(p, dStep, n, f64x2.add(load2(p, dStep, n), signed(slope, value)));
      p = at(p, 2, dStep);
      q = at(q, 2, xStep);
    }
    store<f64>(sums + (i << 3), sumLanes(sum));
  }
}
