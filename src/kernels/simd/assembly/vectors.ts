import { at, high, load4, low, store4, sumLanes, width } from './lanes';

// Every function goes over rows begin … end−1 of a walk (see operands.ts): row i of an operand begins i·xRow numbers after
// x, its numbers lie xStep apart, and there are width(columns, total, i) of them.

/** out = value. */
export function fill(columns: i32, total: i32, out: usize, outRow: i32, outStep: i32, value: f32, begin: i32, end: i32): void {
  const v = f32x4.splat(value);
  for (let i = begin; i < end; i++) {
    let p = at(out, i, outRow);
    for (let n = width(columns, total, i); n > 0; n -= 4) {
      store4(p, outStep, n, v);
      p = at(p, 4, outStep);
    }
  }
}

/** out = x. */
export function copy(
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  x: usize,
  xRow: i32,
  xStep: i32,
  begin: i32,
  end: i32,
): void {
  for (let i = begin; i < end; i++) {
    let p = at(out, i, outRow);
    let q = at(x, i, xRow);
    for (let n = width(columns, total, i); n > 0; n -= 4) {
      store4(p, outStep, n, load4(q, xStep, n));
      p = at(p, 4, outStep);
      q = at(q, 4, xStep);
    }
  }
}

/** out += α·x. */
export function axpy(
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  x: usize,
  xRow: i32,
  xStep: i32,
  alpha: f32,
  begin: i32,
  end: i32,
): void {
  const factor = f32x4.splat(alpha);
  for (let i = begin; i < end; i++) {
    let p = at(out, i, outRow);
    let q = at(x, i, xRow);
    for (let n = width(columns, total, i); n > 0; n -= 4) {
      store4(p, outStep, n, f32x4.add(load4(p, outStep, n), f32x4.mul(factor, load4(q, xStep, n))));
      p = at(p, 4, outStep);
      q = at(q, 4, xStep);
    }
  }
}

/** out *= α. */
export function scale(columns: i32, total: i32, out: usize, outRow: i32, outStep: i32, alpha: f32, begin: i32, end: i32): void {
  const factor = f32x4.splat(alpha);
  for (let i = begin; i < end; i++) {
    let p = at(out, i, outRow);
    for (let n = width(columns, total, i); n > 0; n -= 4) {
      store4(p, outStep, n, f32x4.mul(factor, load4(p, outStep, n)));
      p = at(p, 4, outStep);
    }
  }
}

/** sums[i] = Σ x·y over row i, in float64: the caller adds the rows in order, so threads change nothing. */
export function dot(
  columns: i32,
  total: i32,
  x: usize,
  xRow: i32,
  xStep: i32,
  y: usize,
  yRow: i32,
  yStep: i32,
  sums: usize,
  begin: i32,
  end: i32,
): void {
  for (let i = begin; i < end; i++) {
    let p = at(x, i, xRow);
    let q = at(y, i, yRow);
    let first = f64x2.splat(0);
    let second = first;
    for (let n = width(columns, total, i); n > 0; n -= 4) {
      const a = load4(p, xStep, n);
      const b = load4(q, yStep, n);
      first = f64x2.add(first, f64x2.mul(low(a), low(b)));
      second = f64x2.add(second, f64x2.mul(high(a), high(b)));
      p = at(p, 4, xStep);
      q = at(q, 4, yStep);
    }
    store<f64>(sums + (i << 3), sumLanes(f64x2.add(first, second)));
  }
}
