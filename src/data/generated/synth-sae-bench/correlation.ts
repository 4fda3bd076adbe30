import type { FullOptions } from './options.ts';
import { drawOnce } from './setup-draws.ts';

/** A largest share in factors may be this, where one comes to more than 1. */
const MOST = 0.99;

/** The correlation matrix of what decides over features: A·Aᵀ + diag(own). */
export interface Correlation {
  /** r. */
  readonly rank: number;
  /** A, (F, r): each feature's share in the factors, N(0, correlation²). */
  readonly shares: Float64Array;
  /** (F): 1 − ‖row of A‖², above 0. */
  readonly own: Float64Array;
}

/** Draws it; where a row of A is longer than 1, all of A is scaled down until the longest has ‖row‖² = 0.99. */
export function drawCorrelation({ features, rank, correlation, seed }: FullOptions): Correlation {
  const shares = drawOnce('factors', features * rank, seed).map((value) => correlation * value);
  const squares = () =>
    Float64Array.from({ length: features }, (_, i) =>
      shares.subarray(i * rank, (i + 1) * rank).reduce((sum, value) => sum + value * value, 0),
    );
  let taken = squares();
  const most = taken.reduce((a, b) => Math.max(a, b), 0);
  if (most >= 1) {
    const scale = Math.sqrt(MOST / most);
    for (let p = 0; p < shares.length; p++) shares[p] *= scale;
    taken = squares();
  }
  return { rank, shares, own: taken.map((value) => 1 - value) };
}
