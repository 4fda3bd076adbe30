// The numbers of exp.ts and functions.ts lie in the thread's scratch, as those of ../constants.ts do and for its reason.

/** Behind what kernels keep in a thread's scratch beside them. */
const PLACE: usize = 32 * 1024;

// Where each lies, in bytes behind the first; a polynomial's follow one another.
export const LEAST: usize = 0;
export const MOST: usize = 16;
export const PER_POWER: usize = 32;
export const ROUNDING: usize = 48;
export const POWER_HIGH: usize = 64;
export const POWER_LOW: usize = 80;
export const ONE: usize = 96;
export const TWO: usize = 112;
export const UP: usize = 128;
export const DOWN: usize = 144;
export const SIGN: usize = 160;
export const HALF: usize = 176;
export const LIMIT: usize = 192;
export const EXP: usize = 208;
export const LOG: usize = 400;

/** Writes them into a thread's scratch. Where they lie. */
export function constants(scratch: usize): usize {
  const c = scratch + PLACE;
  // eˣ is 0 in float64 below the first; 1 + e⁶⁴ is e⁶⁴.
  v128.store(c, f64x2.splat(-746), LEAST);
  v128.store(c, f64x2.splat(64), MOST);
  // 1/ln 2; 1.5·2⁵², which leaves the nearest whole number in the lowest bits of a small one; ln 2 in two parts.
  v128.store(c, f64x2.splat(1.4426950408889634), PER_POWER);
  v128.store(c, f64x2.splat(6755399441055744), ROUNDING);
  v128.store(c, f64x2.splat(6.93147180369123816490e-1), POWER_HIGH);
  v128.store(c, f64x2.splat(1.90821492927058770002e-10), POWER_LOW);
  v128.store(c, f64x2.splat(1), ONE);
  v128.store(c, f64x2.splat(2), TWO);
  // 2⁵¹² and 2⁻⁵¹².
  v128.store(c, f64x2.splat(1.3407807929942597e154), UP);
  v128.store(c, f64x2.splat(7.458340731200207e-155), DOWN);
  v128.store(c, i64x2.splat(0x8000000000000000), SIGN);
  v128.store(c, f64x2.splat(0.5), HALF);
  // √2 − 1.
  v128.store(c, f64x2.splat(0.4142135623730951), LIMIT);
  // eʳ − 1 = r + r²·P(r): Taylor's 1/2!, 1/3!, … 1/13!, which leave r¹⁴/14!, below 2⁻⁵⁷.
  let factorial: f64 = 1;
  for (let k = 2; k <= 13; k++) {
    factorial *= k;
    v128.store(c + (<usize>(k - 2) << 4), f64x2.splat(1 / factorial), EXP);
  }
  // fdlibm's polynomial of log: its terms from z to z⁷, z = (f/(2 + f))².
  v128.store(c, f64x2.splat(6.666666666666735130e-1), LOG);
  v128.store(c, f64x2.splat(3.999999999940941908e-1), LOG + 16);
  v128.store(c, f64x2.splat(2.857142874366239149e-1), LOG + 32);
  v128.store(c, f64x2.splat(2.222219843214978396e-1), LOG + 48);
  v128.store(c, f64x2.splat(1.818357216161805012e-1), LOG + 64);
  v128.store(c, f64x2.splat(1.531383769920937332e-1), LOG + 80);
  v128.store(c, f64x2.splat(1.479819860511658591e-1), LOG + 96);
  return c;
}
