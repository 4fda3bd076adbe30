import { at, firstLanes, high, load4, low, store4, sumLanes } from './lanes';

/** a·b of two rows, in float64: lanes 0 and 2 of every four in one sum, 1 and 3 in the other. */
function rowDot(columns: i32, a: usize, aStep: i32, b: usize, bStep: i32): f64 {
  let first = f64x2.splat(0);
  let second = first;
  for (let n = columns; n > 0; n -= 4) {
    const there = firstLanes(n);
    const x = v128.and(load4(a, aStep, n), there);
    const y = v128.and(load4(b, bStep, n), there);
    first = f64x2.add(first, f64x2.mul(low(x), low(y)));
    second = f64x2.add(second, f64x2.mul(high(x), high(y)));
    a = at(a, 4, aStep);
    b = at(b, 4, bStep);
  }
  return sumLanes(f64x2.add(first, second));
}

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
