/**
 * Sparsity of n ≥ 0 responses r, from their sums: S = (1 − (mean r)² / mean r²) / (1 − 1/n), 0 where all are equal, 1
 * where all but one are 0. null where it is not defined: all r are 0, or n = 1.
 * [Treves & Rolls 1991, normalised by Vinje & Gallant, Science 287 (2000)]
 */
export function trevesRolls(sum: number, sumOfSquares: number, n: number): number | null {
  if (n < 2 || !(sumOfSquares > 0)) return null;
  const ratio = (sum * sum) / (n * sumOfSquares); // (mean r)² / mean r²
  return Math.min(1, Math.max(0, (1 - ratio) / (1 - 1 / n))); // rounding may leave [0, 1]
}

/** The mean of what is defined; null where nothing is. */
export function meanOfDefined(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null);
  return defined.length === 0 ? null : defined.reduce((sum, value) => sum + value, 0) / defined.length;
}
