/**
 * The p-quantile of values, 0 ≤ p ≤ 1: between neighbours of the sorted values linearly, at p·(n − 1) from the first, as
 * numpy.quantile has it; NaN of no values. [Hyndman & Fan 1996, definition 7]
 */
export function quantile(values: ArrayLike<number>, p: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = p * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  // Halves are added, not a difference: that of two huge values overflows.
  const share = at - Math.floor(at);
  return share === 0 || low === high ? (low ?? Number.NaN) : (1 - share) * low + share * high;
}

/** The value in the middle, of an even number of values the mean of the two there. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}
