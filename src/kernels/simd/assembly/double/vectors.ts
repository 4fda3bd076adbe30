import { sumLanes, width } from '../lanes';
import { at, load2, store2 } from './lanes';

// As ../vectors.ts: rows begin … end−1 of a walk.

/** out = value. */
export function fill(
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  value: f64,
  begin: i32,
  end: i32,
): void {
  const v = f64x2.splat(value);
  for (let i = begin; i < end; i++) {
    let p = at(out, i, outRow);
    for (let n = width(columns, total, i); n > 0; n -= 2) {
      store2(p, outStep, n, v);
      p = at(p, 2, outStep);
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
    for (let n = width(columns, total, i); n > 0; n -= 2) {
      store2(p, outStep, n, load2(q, xStep, n));
      p = at(p, 2, outStep);
      q = at(q, 2, xStep);
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
  alpha: f64,
  begin: i32,
  end: i32,
): void {
  const factor = f64x2.splat(alpha);
  for (let i = begin; i < end; i++) {
    let p = at(out, i, outRow);
    let q = at(x, i, xRow);
    for (let n = width(columns, total, i); n > 0; n -= 2) {
      store2(p, outStep, n, f64x2.add(load2(p, outStep, n), f64x2.mul(factor, load2(q, xStep, n))));
      p = at(p, 2, outStep);
      q = at(q, 2, xStep);
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
  alpha: f64,
  begin: i32,
  end: i32,
): void {
  const factor = f64x2.splat(alpha);
  for (let i = begin; i < end; i++) {
    let p = at(out, i, outRow);
    for (let n = width(columns, total, i); n > 0; n -= 2) {
      store2(p, outStep, n, f64x2.mul(factor, load2(p, outStep, n)));
      p = at(p, 2, outStep);
    }
  }
}

/** x·y of n numbers: every fourth in one of four sums. */
// @ts-ignore: decorator
@inline
function rowDot(n: i32, x: usize, xStep: i32, y: usize, yStep: i32): f64 {
  let first = f64x2.splat(0);
  let second = first;
  for (; n > 2; n -= 4) {
    first = f64x2.add(first, f64x2.mul(load2(x, xStep, n), load2(y, yStep, n)));
    second = f64x2.add(second, f64x2.mul(load2(at(x, 2, xStep), xStep, n - 2), load2(at(y, 2, yStep), yStep, n - 2)));
    x = at(x, 4, xStep);
    y = at(y, 4, yStep);
  }
  if (n > 0) first = f64x2.add(first, f64x2.mul(load2(x, xStep, n), load2(y, yStep, n)));
  return sumLanes(f64x2.add(first, second));
}

/** sums[i] = Σ x·y over row i. */
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
    store<f64>(sums + (i << 3), rowDot(width(columns, total, i), at(x, i, xRow), xStep, at(y, i, yRow), yStep));
  }
}

/** out_ij = row_j. */
export function broadcastRow(
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  row: usize,
  rowStep: i32,
  begin: i32,
  end: i32,
): void {
  for (let i = begin; i < end; i++) copy(columns, columns, at(out, i, outRow), 0, outStep, row, 0, rowStep, 0, 1);
}

/** out_ij += s_i·x_ij. */
export function addScaledRows(
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  x: usize,
  xRow: i32,
  xStep: i32,
  s: usize,
  sStep: i32,
  begin: i32,
  end: i32,
): void {
  for (let i = begin; i < end; i++) {
    axpy(columns, columns, at(out, i, outRow), 0, outStep, at(x, i, xRow), 0, xStep, load<f64>(at(s, i, sStep)), 0, 1);
  }
}

/** out_i = Σⱼ x_ij². */
export function rowSquaredNorms(
  columns: i32,
  total: i32,
  x: usize,
  xRow: i32,
  xStep: i32,
  out: usize,
  outStep: i32,
  begin: i32,
  end: i32,
): void {
  for (let i = begin; i < end; i++) {
    const row = at(x, i, xRow);
    store<f64>(at(out, i, outStep), rowDot(columns, row, xStep, row, xStep));
  }
}

/** out_i += α x_i·v. */
export function addRowDots(
  columns: i32,
  total: i32,
  x: usize,
  xRow: i32,
  xStep: i32,
  out: usize,
  outStep: i32,
  v: usize,
  vStep: i32,
  alpha: f64,
  begin: i32,
  end: i32,
): void {
  for (let i = begin; i < end; i++) {
    const p = at(out, i, outStep);
    store<f64>(p, load<f64>(p) + alpha * rowDot(columns, at(x, i, xRow), xStep, v, vStep));
  }
}

/** out_ij += α u_i v_j. */
export function addOuter(
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  u: usize,
  uStep: i32,
  v: usize,
  vStep: i32,
  alpha: f64,
  begin: i32,
  end: i32,
): void {
  for (let i = begin; i < end; i++) {
    axpy(columns, columns, at(out, i, outRow), 0, outStep, v, 0, vStep, alpha * load<f64>(at(u, i, uStep)), 0, 1);
  }
}
