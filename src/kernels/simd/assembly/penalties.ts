import { at, gather, high, low, scatter, signed, sumLanes, width } from './lanes';

// Each leaves the sum over row i of a walk in sums[i], in float64, and the derivative in the first operand.

/** sums[i] = Σ w²; dW = λ·w, unless its pointer is 0. */
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
  lambda: f32,
  begin: i32,
  end: i32,
): void {
  const factor = f32x4.splat(lambda);
  for (let i = begin; i < end; i++) {
    let p = at(dW, i, dRow);
    let q = at(w, i, wRow);
    let first = f64x2.splat(0);
    let second = first;
    let n = width(columns, total, i);
    if (dStep == 1 && wStep == 1) {
      for (; n >= 4; n -= 4) {
        const x = v128.load(q);
        first = f64x2.add(first, f64x2.mul(low(x), low(x)));
        second = f64x2.add(second, f64x2.mul(high(x), high(x)));
        if (dW != 0) v128.store(p, f32x4.mul(factor, x));
        p += 16;
        q += 16;
      }
    }
    for (; n > 0; n -= 4) {
      const x = gather(q, wStep, n);
      first = f64x2.add(first, f64x2.mul(low(x), low(x)));
      second = f64x2.add(second, f64x2.mul(high(x), high(x)));
      if (dW != 0) scatter(p, dStep, n, f32x4.mul(factor, x));
      p = at(p, 4, dStep);
      q = at(q, 4, wStep);
    }
    store<f64>(sums + (i << 3), sumLanes(f64x2.add(first, second)));
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
  gamma: f32,
  begin: i32,
  end: i32,
): void {
  const slope = f32x4.splat(gamma);
  for (let i = begin; i < end; i++) {
    let p = at(dX, i, dRow);
    let q = at(x, i, xRow);
    let first = f64x2.splat(0);
    let second = first;
    let n = width(columns, total, i);
    if (dStep == 1 && xStep == 1) {
      for (; n >= 4; n -= 4) {
        const value = v128.load(q);
        const size = f32x4.abs(value);
        first = f64x2.add(first, low(size));
        second = f64x2.add(second, high(size));
        v128.store(p, f32x4.add(v128.load(p), signed(slope, value)));
        p += 16;
        q += 16;
      }
    }
    for (; n > 0; n -= 4) {
      const value = gather(q, xStep, n);
      const size = f32x4.abs(value);
      first = f64x2.add(first, low(size));
      second = f64x2.add(second, high(size));
      scatter(p, dStep, n, f32x4.add(gather(p, dStep, n), signed(slope, value)));
      p = at(p, 4, dStep);
      q = at(q, 4, xStep);
    }
    store<f64>(sums + (i << 3), sumLanes(f64x2.add(first, second)));
  }
}
