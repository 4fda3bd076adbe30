// The tile of products: as ../tile.ts has those of 5×8 and 6×8.

/** Numbers of a in a panel, and of b. */
export const ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 5;
export const COLUMNS: i32 = 4;

/** a·b + c: fused in the relaxed build. */
// @ts-ignore: decorator
@inline
function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, c);
  return f64x2.add(f64x2.mul(a, b), c);
}

/** sums (5, 4) = a·b, from packed panels; (6, 4) in the relaxed build, which needs no register for the product. A function of its own: nothing else may hold registers. */
export function tile(sums: usize, a: usize, b: usize, depth: i32): void {
  let s00 = f64x2.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  let s40 = s00;
  let s41 = s00;
  let s50 = s00;
  let s51 = s00;
  for (let l = depth; l > 0; l--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load_splat<f64>(a);
    s00 = multiplyAdd(a0, b0, s00);
    s01 = multiplyAdd(a0, b1, s01);
    const a1 = v128.load_splat<f64>(a, 8);
    s10 = multiplyAdd(a1, b0, s10);
    s11 = multiplyAdd(a1, b1, s11);
    const a2 = v128.load_splat<f64>(a, 16);
    s20 = multiplyAdd(a2, b0, s20);
    s21 = multiplyAdd(a2, b1, s21);
    const a3 = v128.load_splat<f64>(a, 24);
    s30 = multiplyAdd(a3, b0, s30);
    s31 = multiplyAdd(a3, b1, s31);
    const a4 = v128.load_splat<f64>(a, 32);
    s40 = multiplyAdd(a4, b0, s40);
    s41 = multiplyAdd(a4, b1, s41);
    if (ASC_FEATURE_RELAXED_SIMD) {
      const a5 = v128.load_splat<f64>(a, 40);
      s50 = multiplyAdd(a5, b0, s50);
      s51 = multiplyAdd(a5, b1, s51);
    }
    a += <usize>ROWS << 3;
    b += 32;
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
  if (ASC_FEATURE_RELAXED_SIMD) {
    v128.store(sums, s50, 160);
    v128.store(sums, s51, 176);
  }
}
