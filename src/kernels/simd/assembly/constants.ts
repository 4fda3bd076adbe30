// The numbers of exp.ts and functions.ts lie in the thread's scratch. V8 puts a constant vector together wherever it stands,
// three instructions through an integer register each time, which took two thirds of the time of a loop of seventeen of
// them; spread from memory it is one load.

/** Behind what kernels keep in a thread's scratch beside them. */
const PLACE: usize = 32 * 1024;

// Where each lies, in bytes behind the first; a polynomial's follow one another.
export const LEAST: usize = 0;
export const MOST: usize = 16;
export const PER_POWER: usize = 32;
export const ROUNDING: usize = 48;
export const POWER_HIGH: usize = 64;
export const POWER_LOW: usize = 80;
export const EXP: usize = 96;
export const ONE: usize = 192;
export const TWO: usize = 208;
export const UP: usize = 224;
export const DOWN: usize = 240;
export const SIGN: usize = 256;
export const LOG: usize = 272;
export const TANH: usize = 336;
export const SMALL: usize = 416;

/** Writes them into a thread's scratch. Where they lie. */
export function constants(scratch: usize): usize {
  const c = scratch + PLACE;
  // eˣ is 0 in float32 below the first; 1 + e⁶⁴ is e⁶⁴.
  v128.store(c, f32x4.splat(-104), LEAST);
  v128.store(c, f32x4.splat(64), MOST);
  // 1/ln 2; 1.5·2²³, which leaves the nearest whole number in the lowest bits of a small one; ln 2 in two parts.
  v128.store(c, f32x4.splat(1.44269504088896341), PER_POWER);
  v128.store(c, f32x4.splat(12582912), ROUNDING);
  v128.store(c, f32x4.splat(0.693359375), POWER_HIGH);
  v128.store(c, f32x4.splat(-2.12194440e-4), POWER_LOW);
  // eʳ − 1 = r + r²·P(r): minimax polynomials for |r| ≤ ln 2/2, Cephes' and one that leaves 2⁻²⁸.
  if (ASC_FEATURE_RELAXED_SIMD) {
    v128.store(c, f32x4.splat(0.001381459878757596), EXP);
    v128.store(c, f32x4.splat(0.008368716575205326), EXP + 16);
    v128.store(c, f32x4.splat(0.04166838899254799), EXP + 32);
    v128.store(c, f32x4.splat(0.1666652113199234), EXP + 48);
    v128.store(c, f32x4.splat(0.4999999403953552), EXP + 64);
  } else {
    v128.store(c, f32x4.splat(1.9875691500e-4), EXP);
    v128.store(c, f32x4.splat(1.3981999507e-3), EXP + 16);
    v128.store(c, f32x4.splat(8.3334519073e-3), EXP + 32);
    v128.store(c, f32x4.splat(4.1665795894e-2), EXP + 48);
    v128.store(c, f32x4.splat(1.6666665459e-1), EXP + 64);
    v128.store(c, f32x4.splat(5.0000001201e-1), EXP + 80);
  }
  v128.store(c, f32x4.splat(1), ONE);
  v128.store(c, f32x4.splat(2), TWO);
  // 2⁶⁴ and 2⁻⁶⁴.
  v128.store(c, f32x4.splat(1.8446744073709552e19), UP);
  v128.store(c, f32x4.splat(5.421010862427522e-20), DOWN);
  v128.store(c, i32x4.splat(0x80000000), SIGN);
  // The tail of 2·artanh(w/2) in w².
  v128.store(c, f32x4.splat(5.473528309e-04), LOG);
  v128.store(c, f32x4.splat(2.187432808e-03), LOG + 16);
  v128.store(c, f32x4.splat(1.250678098e-02), LOG + 32);
  v128.store(c, f32x4.splat(8.333301641e-02), LOG + 48);
  // tanh z = z + z³·P(z²) below SMALL: Cephes'.
  v128.store(c, f32x4.splat(-5.70498872745e-3), TANH);
  v128.store(c, f32x4.splat(2.06390887954e-2), TANH + 16);
  v128.store(c, f32x4.splat(-5.37397155531e-2), TANH + 32);
  v128.store(c, f32x4.splat(1.33314422036e-1), TANH + 48);
  v128.store(c, f32x4.splat(-3.33332819422e-1), TANH + 64);
  v128.store(c, f32x4.splat(0.625), SMALL);
  return c;
}
