import { at, load4, store4 } from './lanes';
import { rowDot } from './row-dot';

/** G_j −= (G_j·D_j)/‖D_j‖² D_j. Unit j. */
export function projectRows(
  columns: i32,
  gradient: usize,
  gRow: i32,
  gStep: i32,
  rows: usize,
  rRow: i32,
  rStep: i32,
  begin: i32,
  end: i32,
): void {
  for (let j = begin; j < end; j++) {
    let g = at(gradient, j, gRow);
    let r = at(rows, j, rRow);
    const square = rowDot(columns, r, rStep, r, rStep);
    if (square == 0) continue;
    const share = f32x4.splat(<f32>(rowDot(columns, g, gStep, r, rStep) / square));
    for (let n = columns; n > 0; n -= 4) {
      store4(g, gStep, n, f32x4.sub(load4(g, gStep, n), f32x4.mul(share, load4(r, rStep, n))));
      g = at(g, 4, gStep);
      r = at(r, 4, rStep);
    }
  }
}

/** D_j /= ‖D_j‖; a row of norm 0 stays. Unit j. */
export function normalizeRows(columns: i32, rows: usize, rRow: i32, rStep: i32, begin: i32, end: i32): void {
  for (let j = begin; j < end; j++) {
    let r = at(rows, j, rRow);
    const square = rowDot(columns, r, rStep, r, rStep);
    if (square == 0) continue;
    const norm = f32x4.splat(<f32>Math.sqrt(square));
    for (let n = columns; n > 0; n -= 4) {
      store4(r, rStep, n, f32x4.div(load4(r, rStep, n), norm));
      r = at(r, 4, rStep);
    }
  }
}
