import type { View } from '../cpu-view.ts';
import { columnStride } from './vectors.ts';

const BLOCK = 64;

/** out_j += α Σᵢ a_ij, accumulated in float64; 64 columns at a time, so rows are read in order. */
export function createColumnSums(): (out: View, a: View, alpha: number) => void {
  const sums = new Float64Array(BLOCK);
  return function addColumnSums(out, a, alpha) {
    const [rows, columns] = a.shape;
    const [rowStep, step] = a.stride;
    for (let first = 0; first < columns; first += BLOCK) {
      const n = Math.min(BLOCK, columns - first);
      sums.fill(0);
      for (let i = 0; i < rows; i++) {
        let p = a.offset + i * rowStep + first * step;
        for (let j = 0; j < n; j++, p += step) sums[j] += a.data[p];
      }
      let q = out.offset + first * columnStride(out);
      for (let j = 0; j < n; j++, q += columnStride(out)) out.data[q] += alpha * sums[j];
    }
  };
}
