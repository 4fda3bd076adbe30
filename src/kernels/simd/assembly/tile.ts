// One tile of a product: `depth` rank-one updates in registers, from packed panels. A panel of a holds 5 or 6 numbers for
// each step of the depth, a panel of b 8 or 16. The sums go to memory as they are: α, β and the place in out would need
// registers that the loop has not got (see store.ts).

/** a·b + c: fused, rounded once, in the relaxed build; a product and a sum, the same on every machine, in the plain one. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/**
 * sums (5, 8) = a·b. Ten sums, two of b, one of a and one product fit the fifteen registers that V8 has to give: 6×8
 * spills, and 4×8 loads more for each product.
 */
export function tile5x8(sums: usize, a: usize, b: usize, depth: i32): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  let s40 = s00;
  let s41 = s00;
  for (let l = depth; l > 0; l--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load_splat<f32>(a);
    s00 = multiplyAdd(a0, b0, s00);
    s01 = multiplyAdd(a0, b1, s01);
    const a1 = v128.load_splat<f32>(a, 4);
    s10 = multiplyAdd(a1, b0, s10);
    s11 = multiplyAdd(a1, b1, s11);
    const a2 = v128.load_splat<f32>(a, 8);
    s20 = multiplyAdd(a2, b0, s20);
    s21 = multiplyAdd(a2, b1, s21);
    const a3 = v128.load_splat<f32>(a, 12);
    s30 = multiplyAdd(a3, b0, s30);
    s31 = multiplyAdd(a3, b1, s31);
    const a4 = v128.load_splat<f32>(a, 16);
    s40 = multiplyAdd(a4, b0, s40);
    s41 = multiplyAdd(a4, b1, s41);
    a += 20;
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
}

/** sums (6, 8) = a·b, for the relaxed build: without a register for the product, twelve sums fit. */
export function tile6x8(sums: usize, a: usize, b: usize, depth: i32): void {
  let s00 = f32x4.splat(0);
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
    const a0 = v128.load_splat<f32>(a);
    s00 = multiplyAdd(a0, b0, s00);
    s01 = multiplyAdd(a0, b1, s01);
    const a1 = v128.load_splat<f32>(a, 4);
    s10 = multiplyAdd(a1, b0, s10);
    s11 = multiplyAdd(a1, b1, s11);
    const a2 = v128.load_splat<f32>(a, 8);
    s20 = multiplyAdd(a2, b0, s20);
    s21 = multiplyAdd(a2, b1, s21);
    const a3 = v128.load_splat<f32>(a, 12);
    s30 = multiplyAdd(a3, b0, s30);
    s31 = multiplyAdd(a3, b1, s31);
    const a4 = v128.load_splat<f32>(a, 16);
    s40 = multiplyAdd(a4, b0, s40);
    s41 = multiplyAdd(a4, b1, s41);
    const a5 = v128.load_splat<f32>(a, 20);
    s50 = multiplyAdd(a5, b0, s50);
    s51 = multiplyAdd(a5, b1, s51);
    a += 24;
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
  v128.store(sums, s50, 160);
  v128.store(sums, s51, 176);
}
