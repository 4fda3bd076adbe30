import { at, gather, high, low, scatter, sumLanes } from './lanes';

// Kernels of matrices in which a row, or a column, has a number of its own: rows begin … end−1 of a walk that keeps rows.

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
  for (let i = begin; i < end; i++) {
    let p = at(out, i, outRow);
    let q = row;
    let n = columns;
    if (outStep == 1 && rowStep == 1) {
      for (; n >= 4; n -= 4) {
        v128.store(p, v128.load(q));
        p += 16;
        q += 16;
      }
    }
    for (; n > 0; n -= 4) {
      scatter(p, outStep, n, gather(q, rowStep, n));
      p = at(p, 4, outStep);
      q = at(q, 4, rowStep);
    }
  }
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
    const factor = v128.load_splat<f32>(at(s, i, sStep));
    let p = at(out, i, outRow);
    let q = at(x, i, xRow);
    let n = columns;
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

/** out_i = Σⱼ x_ij², in float64 until it is stored. */
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
    let q = at(x, i, xRow);
    let first = f64x2.splat(0);
    let second = first;
    let n = columns;
    if (xStep == 1) {
      for (; n >= 4; n -= 4) {
        const a = v128.load(q);
        first = f64x2.add(first, f64x2.mul(low(a), low(a)));
        second = f64x2.add(second, f64x2.mul(high(a), high(a)));
        q += 16;
      }
    }
    for (; n > 0; n -= 4) {
      const a = gather(q, xStep, n);
      first = f64x2.add(first, f64x2.mul(low(a), low(a)));
      second = f64x2.add(second, f64x2.mul(high(a), high(a)));
      q = at(q, 4, xStep);
    }
    store<f32>(at(out, i, outStep), <f32>sumLanes(f64x2.add(first, second)));
  }
}
