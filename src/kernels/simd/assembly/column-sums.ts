import { at, gather, high, low } from './lanes';

// Kernels that sum over the rows of a matrix share columns among threads, in blocks: a block's sums lie in the thread's
// scratch, in float64, and rows are added to them in order, so the order of a sum never depends on blocks or threads.

/** Columns of a block. */
const BLOCK: i32 = 64;
/** Rows that are read for some columns before the next columns have their turn. */
const RISE: i32 = 16;

/** Adds four numbers to four sums. */
// @ts-ignore: decorator
@inline
export function addTo(sums: usize, x: v128): void {
  v128.store(sums, f64x2.add(v128.load(sums), low(x)));
  v128.store(sums, f64x2.add(v128.load(sums, 16), high(x)), 16);
}

/** sums[0 … 7] += rows of eight numbers, `stride` bytes apart, each times its weight where there are any. */
// @ts-ignore: decorator
@inline
function addEight(weighted: bool, sums: usize, x: usize, stride: usize, weights: usize, wStep: i32, rows: i32): void {
  let s0 = v128.load(sums);
  let s1 = v128.load(sums, 16);
  let s2 = v128.load(sums, 32);
  let s3 = v128.load(sums, 48);
  for (let r = 0; r < rows; r++) {
    const a = v128.load(x);
    const b = v128.load(x, 16);
    if (weighted) {
      const w = f64x2.splat(<f64>load<f32>(at(weights, r, wStep)));
      s0 = f64x2.add(s0, f64x2.mul(w, low(a)));
      s1 = f64x2.add(s1, f64x2.mul(w, high(a)));
      s2 = f64x2.add(s2, f64x2.mul(w, low(b)));
      s3 = f64x2.add(s3, f64x2.mul(w, high(b)));
    } else {
      s0 = f64x2.add(s0, low(a));
      s1 = f64x2.add(s1, high(a));
      s2 = f64x2.add(s2, low(b));
      s3 = f64x2.add(s3, high(b));
    }
    x += stride;
  }
  v128.store(sums, s0);
  v128.store(sums, s1, 16);
  v128.store(sums, s2, 32);
  v128.store(sums, s3, 48);
}

/** Adds four numbers, each times w, to four sums. */
// @ts-ignore: decorator
@inline
function addWeighted(sums: usize, w: v128, x: v128): void {
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.mul(w, low(x))));
  v128.store(sums, f64x2.add(v128.load(sums, 16), f64x2.mul(w, high(x))), 16);
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
    memory.fill(scratch, 0, (<usize>BLOCK) << 3);
    for (let i = 0; i < rows; i += RISE) {
      const rise = min(RISE, rows - i);
      const corner = at(at(a, i, aRow), j, aStep);
      const w = at(weights, i, wStep);
      const stride = (<usize>aRow) << 2;
      let c = 0;
      if (aStep == 1 && weights == 0) {
        for (; c + 8 <= wide; c += 8) addEight(false, scratch + (c << 3), corner + (c << 2), stride, 0, 0, rise);
      } else if (aStep == 1) {
        for (; c + 8 <= wide; c += 8) addEight(true, scratch + (c << 3), corner + (c << 2), stride, w, wStep, rise);
      }
      for (let r = 0; r < rise; r++) {
        const row = at(corner, r, aRow);
        const factor = f64x2.splat(weights == 0 ? 1 : <f64>load<f32>(at(w, r, wStep)));
        for (let d = c; d < wide; d += 4) addWeighted(scratch + (d << 3), factor, gather(at(row, d, aStep), aStep, wide - d));
      }
    }
    for (let c = 0; c < wide; c++) {
      const p = at(out, j + c, outStep);
      store<f32>(p, <f32>(<f64>load<f32>(p) + alpha * load<f64>(scratch + (c << 3))));
    }
  }
}
