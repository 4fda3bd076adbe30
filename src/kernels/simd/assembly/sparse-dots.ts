import { at, gather, load4, store4 } from './lanes';
import { countOf } from './lengths';

/** Four numbers, `step` apart. */
// @ts-ignore: decorator
@inline
function take(p: usize, step: i32): v128 {
  return step == 1 ? v128.load(p) : gather(p, step, 4);
}

/** The sums of the lanes of four vectors. */
// @ts-ignore: decorator
@inline
function sumEach(s0: v128, s1: v128, s2: v128, s3: v128): v128 {
  const s01 = f32x4.add(v128.shuffle<f32>(s0, s1, 0, 4, 1, 5), v128.shuffle<f32>(s0, s1, 2, 6, 3, 7));
  const s23 = f32x4.add(v128.shuffle<f32>(s2, s3, 0, 4, 1, 5), v128.shuffle<f32>(s2, s3, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f64>(s01, s23, 0, 2), v128.shuffle<f64>(s01, s23, 1, 3));
}

/**
 * The products of x with four rows. Each is summed in eight lanes, so a term is rounded ⌈n/8⌉ + 5 times at most:
 * |error| ≤ (⌈n/8⌉ + 5)·2⁻²⁴·Σ |x_j r_j|, to first order.
 */
// @ts-ignore: decorator
@inline
function dotFour(x: usize, xStep: i32, r0: usize, r1: usize, r2: usize, r3: usize, step: i32, n: i32): v128 {
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  for (; n >= 8; n -= 8) {
    const even = take(x, xStep);
    const odd = take(at(x, 4, xStep), xStep);
    a0 = f32x4.add(a0, f32x4.mul(even, take(r0, step)));
    b0 = f32x4.add(b0, f32x4.mul(odd, take(at(r0, 4, step), step)));
    a1 = f32x4.add(a1, f32x4.mul(even, take(r1, step)));
    b1 = f32x4.add(b1, f32x4.mul(odd, take(at(r1, 4, step), step)));
    a2 = f32x4.add(a2, f32x4.mul(even, take(r2, step)));
    b2 = f32x4.add(b2, f32x4.mul(odd, take(at(r2, 4, step), step)));
    a3 = f32x4.add(a3, f32x4.mul(even, take(r3, step)));
    b3 = f32x4.add(b3, f32x4.mul(odd, take(at(r3, 4, step), step)));
    x = at(x, 8, xStep);
    r0 = at(r0, 8, step);
    r1 = at(r1, 8, step);
    r2 = at(r2, 8, step);
    r3 = at(r3, 8, step);
  }
  for (; n > 0; n -= 4) {
    const rest = load4(x, xStep, n);
    a0 = f32x4.add(a0, f32x4.mul(rest, load4(r0, step, n)));
    a1 = f32x4.add(a1, f32x4.mul(rest, load4(r1, step, n)));
    a2 = f32x4.add(a2, f32x4.mul(rest, load4(r2, step, n)));
    a3 = f32x4.add(a3, f32x4.mul(rest, load4(r3, step, n)));
    x = at(x, 4, xStep);
    r0 = at(r0, 4, step);
    r1 = at(r1, 4, step);
    r2 = at(r2, 4, step);
    r3 = at(r3, 4, step);
  }
  return sumEach(f32x4.add(a0, b0), f32x4.add(a1, b1), f32x4.add(a2, b2), f32x4.add(a3, b3));
}

/** out_it = dense_i · rows[indices_it], four pairs at a time. Unit i. */
export function sparseDots(
  k: i32,
  columns: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  dense: usize,
  denseRow: i32,
  denseStep: i32,
  indices: usize,
  indicesRow: i32,
  rows: usize,
  rowsRow: i32,
  rowsStep: i32,
  lengths: usize,
  lengthsStep: i32,
  begin: i32,
  end: i32,
): void {
  for (let i = begin; i < end; i++) {
    const x = at(dense, i, denseRow);
    const index = at(indices, i, indicesRow);
    const n = countOf(lengths, lengthsStep, i, k);
    for (let t = 0; t < n; t += 4) {
      const last = n - 1; // stands in where fewer than four are left
      const r0 = at(rows, load<i32>(at(index, t, 1)), rowsRow);
      const r1 = at(rows, load<i32>(at(index, min(t + 1, last), 1)), rowsRow);
      const r2 = at(rows, load<i32>(at(index, min(t + 2, last), 1)), rowsRow);
      const r3 = at(rows, load<i32>(at(index, min(t + 3, last), 1)), rowsRow);
      const dots =
        denseStep == 1 && rowsStep == 1
          ? dotFour(x, 1, r0, r1, r2, r3, 1, columns)
          : dotFour(x, denseStep, r0, r1, r2, r3, rowsStep, columns);
      store4(at(at(out, i, outRow), t, outStep), outStep, n - t, dots);
    }
  }
}
