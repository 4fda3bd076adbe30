import { multiplyAdd } from './tile';

/**
 * sums (5, 16) = a·b, for V8's re-vectorizer, which fuses neighbouring halves into 256-bit registers: ten sums there, two of
 * b, one of a. Stores are adjacent and come last, or nothing is fused. Without the re-vectorizer it spills and is slower
 * than the 6×8 tile; its bits are the same.
 */
export function tile5x16(sums: usize, a: usize, b: usize, depth: i32): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s03 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s13 = s00;
  let s20 = s00;
  let s21 = s00;
  let s22 = s00;
  let s23 = s00;
  let s30 = s00;
  let s31 = s00;
  let s32 = s00;
  let s33 = s00;
  let s40 = s00;
  let s41 = s00;
  let s42 = s00;
  let s43 = s00;
  for (let l = depth; l > 0; l--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(b, 32);
    const b3 = v128.load(b, 48);
    const a0 = v128.load_splat<f32>(a);
    s00 = multiplyAdd(a0, b0, s00);
    s01 = multiplyAdd(a0, b1, s01);
    s02 = multiplyAdd(a0, b2, s02);
    s03 = multiplyAdd(a0, b3, s03);
    const a1 = v128.load_splat<f32>(a, 4);
    s10 = multiplyAdd(a1, b0, s10);
    s11 = multiplyAdd(a1, b1, s11);
    s12 = multiplyAdd(a1, b2, s12);
    s13 = multiplyAdd(a1, b3, s13);
    const a2 = v128.load_splat<f32>(a, 8);
    s20 = multiplyAdd(a2, b0, s20);
    s21 = multiplyAdd(a2, b1, s21);
    s22 = multiplyAdd(a2, b2, s22);
    s23 = multiplyAdd(a2, b3, s23);
    const a3 = v128.load_splat<f32>(a, 12);
    s30 = multiplyAdd(a3, b0, s30);
    s31 = multiplyAdd(a3, b1, s31);
    s32 = multiplyAdd(a3, b2, s32);
    s33 = multiplyAdd(a3, b3, s33);
    const a4 = v128.load_splat<f32>(a, 16);
    s40 = multiplyAdd(a4, b0, s40);
    s41 = multiplyAdd(a4, b1, s41);
    s42 = multiplyAdd(a4, b2, s42);
    s43 = multiplyAdd(a4, b3, s43);
    a += 20;
    b += 64;
  }
  v128.store(sums, s00);
  v128.store(sums, s01, 16);
  v128.store(sums, s02, 32);
  v128.store(sums, s03, 48);
  v128.store(sums, s10, 64);
  v128.store(sums, s11, 80);
  v128.store(sums, s12, 96);
  v128.store(sums, s13, 112);
  v128.store(sums, s20, 128);
  v128.store(sums, s21, 144);
  v128.store(sums, s22, 160);
  v128.store(sums, s23, 176);
  v128.store(sums, s30, 192);
  v128.store(sums, s31, 208);
  v128.store(sums, s32, 224);
  v128.store(sums, s33, 240);
  v128.store(sums, s40, 256);
  v128.store(sums, s41, 272);
  v128.store(sums, s42, 288);
  v128.store(sums, s43, 304);
}
