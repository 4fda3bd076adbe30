/** s + x·w, four products a lane. Only the relaxed build has it. */
// @ts-ignore: decorator
@inline
function addDot(s: v128, x: v128, w: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i32x4.relaxed_dot_i8x16_i7x16_add_s(x, w, s);
  return s;
}

/** What the sums of a row begin with: −64·Σq, as w holds 64 more than it should. */
// @ts-ignore: decorator
@inline
function startOf(numbers: usize): v128 {
  return i32x4.splat(-64 * load<i32>(numbers, 12));
}

/** sums (6, 8) = start + x·w, int8 by seven bits, four at a time: relaxed dot products add as they go, so twelve sums fit. */
export function tile6x8(sums: usize, x: usize, w: usize, groups: i32, numbers: usize): void {
  let s00 = startOf(numbers);
  let s01 = s00;
  let s10 = startOf(numbers + 16);
  let s11 = s10;
  let s20 = startOf(numbers + 32);
  let s21 = s20;
  let s30 = startOf(numbers + 48);
  let s31 = s30;
  let s40 = startOf(numbers + 64);
  let s41 = s40;
  let s50 = startOf(numbers + 80);
  let s51 = s50;
  for (let l = groups; l > 0; l--) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    const x0 = v128.load32_splat(x);
    s00 = addDot(s00, x0, w0);
    s01 = addDot(s01, x0, w1);
    const x1 = v128.load32_splat(x, 4);
    s10 = addDot(s10, x1, w0);
    s11 = addDot(s11, x1, w1);
    const x2 = v128.load32_splat(x, 8);
    s20 = addDot(s20, x2, w0);
    s21 = addDot(s21, x2, w1);
    const x3 = v128.load32_splat(x, 12);
    s30 = addDot(s30, x3, w0);
    s31 = addDot(s31, x3, w1);
    const x4 = v128.load32_splat(x, 16);
    s40 = addDot(s40, x4, w0);
    s41 = addDot(s41, x4, w1);
    const x5 = v128.load32_splat(x, 20);
    s50 = addDot(s50, x5, w0);
    s51 = addDot(s51, x5, w1);
    x += 24;
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
  v128.store(sums, s40, 128);
  v128.store(sums, s41, 144);
  v128.store(sums, s50, 160);
  v128.store(sums, s51, 176);
}
