// Tiles of products of whole numbers: exact, so they need no order. Panels hold groups of four bytes a row, two int16 or four
// int8, those of x `lanes` rows side by side, those of w eight.

/** Rows of a tile of int16. */
export const ROWS_16: i32 = 4;
/** Rows of a tile of int8. */
export const ROWS_8: i32 = 6;

/** sums (4, 8) of int32 = x·w, pairs of int16 at a time: eight sums, two of w, one of x. */
export function tile4x8(sums: usize, x: usize, w: usize, groups: i32): void {
  let s00 = i32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  for (let l = groups; l > 0; l--) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    const x0 = v128.load32_splat(x);
    s00 = i32x4.add(s00, i32x4.dot_i16x8_s(x0, w0));
    s01 = i32x4.add(s01, i32x4.dot_i16x8_s(x0, w1));
    const x1 = v128.load32_splat(x, 4);
    s10 = i32x4.add(s10, i32x4.dot_i16x8_s(x1, w0));
    s11 = i32x4.add(s11, i32x4.dot_i16x8_s(x1, w1));
    const x2 = v128.load32_splat(x, 8);
    s20 = i32x4.add(s20, i32x4.dot_i16x8_s(x2, w0));
    s21 = i32x4.add(s21, i32x4.dot_i16x8_s(x2, w1));
    const x3 = v128.load32_splat(x, 12);
    s30 = i32x4.add(s30, i32x4.dot_i16x8_s(x3, w0));
    s31 = i32x4.add(s31, i32x4.dot_i16x8_s(x3, w1));
    x += 16;
    w += 32;
  }
  v128.store(sums, s00);
  v128.store(sums, s01, 16);
  v128.store(sums, s10, 32);
  v128.store(sums, s11, 48);
  v128.store(sums, s20, 64);
  v128.store(sums, s21, 80);
  v128.store(sums, s30, 96);
  v128.store(sums, s31, 112);
}
