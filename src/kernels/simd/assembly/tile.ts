// One tile of a product: sums of `depth` rank-one updates, held in registers, from packed panels.
// A panel of a holds `ROWS` numbers for each step of the depth, a panel of b `COLUMNS`.

/** a·b + c: fused, rounded once, in the relaxed build; a product and a sum, the same on every machine, in the plain one. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** out = α·sum + β·out for four numbers; β = 0 does not read out. */
// @ts-ignore: decorator
@inline
function blend(out: usize, sum: v128, alpha: v128, beta: v128, reads: bool): v128 {
  const scaled = f32x4.mul(alpha, sum);
  return reads ? f32x4.add(scaled, f32x4.mul(beta, v128.load(out))) : scaled;
}

/** The 4×8 tile: out (4 rows, `outRow` bytes apart, of 8 numbers). Eight sums, two of b, one of a, one product: no spills. */
export function tile4x8(out: usize, outRow: usize, a: usize, b: usize, depth: i32, alpha: f32, beta: f32): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
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
    a += 16;
    b += 32;
  }
  const scale = f32x4.splat(alpha);
  const keep = f32x4.splat(beta);
  const reads = beta != 0;
  const row1 = out + outRow;
  const row2 = row1 + outRow;
  const row3 = row2 + outRow;
  v128.store(out, blend(out, s00, scale, keep, reads));
  v128.store(out, blend(out + 16, s01, scale, keep, reads), 16);
  v128.store(row1, blend(row1, s10, scale, keep, reads));
  v128.store(row1, blend(row1 + 16, s11, scale, keep, reads), 16);
  v128.store(row2, blend(row2, s20, scale, keep, reads));
  v128.store(row2, blend(row2 + 16, s21, scale, keep, reads), 16);
  v128.store(row3, blend(row3, s30, scale, keep, reads));
  v128.store(row3, blend(row3 + 16, s31, scale, keep, reads), 16);
}
