import type { Matrix } from '../../src/array/matrix.ts';

/**
 * On how many pixels each filter, a row of W (h, d), lies: its participation ratio (Σⱼ wⱼ²)² / Σⱼ wⱼ⁴, which is n for a
 * filter that is equally strong on n pixels and 0 elsewhere, and about d/3 for Gaussian noise on all of them.
 */
export function filterExtents(weights: Matrix): Float64Array {
  const [h, d] = weights.shape;
  return Float64Array.from({ length: h }, (_, i) => {
    let squares = 0;
    let fourths = 0;
    for (let j = 0; j < d; j++) {
      const square = weights.get(i, j) ** 2;
      squares += square;
      fourths += square * square;
    }
    return fourths > 0 ? squares ** 2 / fourths : 0;
  });
}

/** The value in the middle, or the mean of the two there. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Units in the order of how much their extent grows from `before` to `after`, the most first. */
export function growing(before: Matrix, after: Matrix): number[] {
  const [from, to] = [filterExtents(before), filterExtents(after)];
  const growth = to.map((extent, i) => extent - from[i]);
  return Array.from(growth.keys()).sort((i, j) => growth[j] - growth[i]);
}
