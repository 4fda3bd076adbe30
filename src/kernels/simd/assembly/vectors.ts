import { at, gather, high, load4, low, scatter, store4, width } from './lanes';
import { rowDot } from './row-dot';

// Every function goes over rows begin … end−1 of a walk (see operands.ts): row i of an operand begins i·xRow numbers
// after x, its numbers lie xStep apart, and there are width(columns, total, i) of them. Where all steps are 1, whole fours
// go through a loop without questions; what is left goes through gather and scatter into the same arithmetic.

/** out = value. */
export function fill(
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  value: f32,
  begin: i32,
  end: i32,
): void {
  const v = f32x4.splat(value);
  for (let i = begin; i < end; i++) {
    let p = at(out, i, outRow);
    let n = width(columns, total, i);
    if (outStep == 1) {
      for (; n >= 4; n -= 4) {
        v128.store(p, v);
        p += 16;
      }
    }
    for (; n > 0; n -= 4) {
      scatter(p, outStep, n, v);
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
    let n = width(columns, total, i);
    if (outStep == 1 && xStep == 1) {
      for (; n >= 4; n -= 4) {
        v128.store(p, v128.load(q));
        p += 16;
        q += 16;
      }
    }
    for (; n > 0; n -= 4) {
      scatter(p, outStep, n, gather(q, xStep, n));
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
    let n = width(columns, total, i);
    if (outStep == 1 && xStep == 1) {
      for (; n >= 4; n -= 4) {
        v128.store(p, f32x4.add(v128.load(p), f32x4.mul(factor, v128.load(q))));
        p += 16;
        q += 16;
      }
    }
    for (; n > 0; n -= 4) {
      scatter(p, outStep, n, f32x4.add(gather(p, outStep, n), f32x4.mul(factor, gather(q, xStep, n))));
      p = at(p, 4, outStep);
      q = at(q, 4, xStep);
    }
  }
}

/** out = α·x + β·y, in float64 until it is stored. */
export function blend(
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  x: usize,
  xRow: i32,
  xStep: i32,
  y: usize,
  yRow: i32,
  yStep: i32,
  alpha: f64,
  beta: f64,
  begin: i32,
  end: i32,
): void {
  const a = f64x2.splat(alpha);
  const b = f64x2.splat(beta);
  for (let i = begin; i < end; i++) {
    let p = at(out, i, outRow);
    let q = at(x, i, xRow);
    let r = at(y, i, yRow);
    for (let n = width(columns, total, i); n > 0; n -= 4) {
      const s = load4(q, xStep, n);
      const t = load4(r, yStep, n);
      const lower = f32x4.demote_f64x2_zero(f64x2.add(f64x2.mul(a, low(s)), f64x2.mul(b, low(t))));
      const upper = f32x4.demote_f64x2_zero(f64x2.add(f64x2.mul(a, high(s)), f64x2.mul(b, high(t))));
      store4(p, outStep, n, v128.shuffle<f64>(lower, upper, 0, 2));
      p = at(p, 4, outStep);
      q = at(q, 4, xStep);
      r = at(r, 4, yStep);
    }
  }
}

/** out *= α. */
export function scale(
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  alpha: f32,
  begin: i32,
  end: i32,
): void {
  const factor = f32x4.splat(alpha);
  for (let i = begin; i < end; i++) {
    let p = at(out, i, outRow);
    let n = width(columns, total, i);
    if (outStep == 1) {
      for (; n >= 4; n -= 4) {
        v128.store(p, f32x4.mul(factor, v128.load(p)));
        p += 16;
      }
    }
    for (; n > 0; n -= 4) {
      scatter(p, outStep, n, f32x4.mul(factor, gather(p, outStep, n)));
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
    const sum = rowDot(width(columns, total, i), at(x, i, xRow), xStep, at(y, i, yRow), yStep);
    store<f64>(sums + (i << 3), sum);
  }
}
