import { at, gather, scatter } from './lanes';
import { rowDot } from './row-dot';
import { axpy } from './vectors';

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
    axpy(columns, columns, at(out, i, outRow), 0, outStep, at(x, i, xRow), 0, xStep, load<f32>(at(s, i, sStep)), 0, 1);
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
    const row = at(x, i, xRow);
    store<f32>(at(out, i, outStep), <f32>rowDot(columns, row, xStep, row, xStep));
  }
}

/** out_i += α x_i·v, in float64 until it is stored. */
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
    store<f32>(p, <f32>(<f64>load<f32>(p) + alpha * rowDot(columns, at(x, i, xRow), xStep, v, vStep)));
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
  alpha: f32,
  begin: i32,
  end: i32,
): void {
  for (let i = begin; i < end; i++) {
    axpy(columns, columns, at(out, i, outRow), 0, outStep, v, 0, vStep, alpha * load<f32>(at(u, i, uStep)), 0, 1);
  }
}
