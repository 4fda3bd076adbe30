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

/** Shifts are tried up to this many pixels in each direction. */
const FARTHEST = 8;

/**
 * How large the details of each filter are, in pixels: the number of shifts (Δx, Δy), none included, by which the filter
 * still correlates with itself, Σ w(x, y)·w(x + Δx, y + Δy) > ½ Σ w². 1 for noise, more for wide strokes.
 */
export function detailSizes(weights: Matrix, { height, width }: { height: number; width: number }): Float64Array {
  const [h, d] = weights.shape;
  const w = new Float64Array(d);
  return Float64Array.from({ length: h }, (_, i) => {
    for (let j = 0; j < d; j++) w[j] = weights.get(i, j);
    const half = overlap(w, height, width, 0, 0) / 2;
    let count = 0;
    for (let dy = -FARTHEST; dy <= FARTHEST; dy++) {
      for (let dx = -FARTHEST; dx <= FARTHEST; dx++) if (overlap(w, height, width, dx, dy) > half) count++;
    }
    return count;
  });
}

/** Σ w(x, y)·w(x + Δx, y + Δy) over the pixels where both are. */
function overlap(w: Float64Array, height: number, width: number, dx: number, dy: number): number {
  let sum = 0;
  for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y++) {
    for (let x = Math.max(0, -dx); x < Math.min(width, width - dx); x++) {
      sum += w[y * width + x] * w[(y + dy) * width + x + dx];
    }
  }
  return sum;
}

/** Indices in the order of how much the values grow from `before` to `after`, the most first. */
export function growing(before: Float64Array, after: Float64Array): number[] {
  const growth = after.map((value, i) => value - before[i]);
  return Array.from(growth.keys()).sort((i, j) => growth[j] - growth[i]);
}
