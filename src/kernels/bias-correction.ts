/**
 * 1 − βᵗ, t ≥ 1 whole: what Adam's moments, which begin at 0, are divided by. By squaring, since Math.pow differs in its
 * last bit between versions of V8, and with it the bits of every run.
 */
export function biasCorrection(beta: number, t: number): number {
  let power = 1;
  for (let square = beta, n = t; n > 0; n = Math.floor(n / 2), square *= square) if (n % 2 === 1) power *= square;
  return 1 - power;
}
