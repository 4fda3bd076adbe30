import { at, load2, store2 } from './lanes';

/** Columns of a block, as in ../column-sums.ts: threads share columns, and rows are added in order. */
const BLOCK: i32 = 64;

/** The sums of eight columns over all rows, each row times its weight where there are any, in registers. */
// @ts-ignore: decorator
@inline
function sumEight(sums: usize, x: usize, stride: usize, weights: usize, wStep: i32, rows: i32): void {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let i = 0; i < rows; i++) {
    const w = f64x2.splat(weights == 0 ? 1 : load<f64>(at(weights, i, wStep)));
    s0 = f64x2.add(s0, f64x2.mul(w, v128.load(x)));
    s1 = f64x2.add(s1, f64x2.mul(w, v128.load(x, 16)));
    s2 = f64x2.add(s2, f64x2.mul(w, v128.load(x, 32)));
    s3 = f64x2.add(s3, f64x2.mul(w, v128.load(x, 48)));
    x += stride;
  }
  v128.store(sums, s0);
  v128.store(sums, s1, 16);
  v128.store(sums, s2, 32);
  v128.store(sums, s3, 48);
}

/** out_j += α Σᵢ w_i a_ij for the columns of blocks begin … end−1; w_i = 1 where there are no weights. */
export function addColumnSums(
  rows: i32,
  columns: i32,
  out: usize,
  outStep: i32,
  a: usize,
  aRow: i32,
  aStep: i32,
  weights: usize,
  wStep: i32,
  alpha: f64,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  for (let block = begin; block < end; block++) {
    const j = block * BLOCK;
    const wide = min(BLOCK, columns - j);
    const corner = at(a, j, aStep);
    let done = 0;
    if (aStep == 1) {
      for (; done + 8 <= wide; done += 8) {
        sumEight(scratch + (done << 3), at(corner, done, 1), at(0, 1, aRow), weights, wStep, rows);
      }
    }
    if (done < wide) memory.fill(scratch + (done << 3), 0, ((<usize>BLOCK) << 3) - (done << 3));
    for (let i = 0; i < rows && done < wide; i++) {
      const w = f64x2.splat(weights == 0 ? 1 : load<f64>(at(weights, i, wStep)));
      const row = at(corner, i, aRow);
      for (let d = done; d < wide; d += 2) {
        const p = scratch + (d << 3);
        v128.store(p, f64x2.add(v128.load(p), f64x2.mul(w, load2(at(row, d, aStep), aStep, wide - d))));
      }
    }
    for (let d = 0; d < wide; d += 2) {
      const p = at(out, j + d, outStep);
      const sum = f64x2.mul(f64x2.splat(alpha), v128.load(scratch + (d << 3)));
      store2(p, outStep, wide - d, f64x2.add(load2(p, outStep, wide - d), sum));
    }
  }
}
