import type { View } from '../cpu-view.ts';
import { columnStride } from './vectors.ts';

const BLOCK = 64;

/** α Σᵢ s_i x_ij of each column, with weights of the rows and without. */
export function createColumnSums() {
  const sums = new Float64Array(BLOCK);

  /** out_j += α Σᵢ s_i x_ij, s_i = 1 where s is null, accumulated in float64; 64 columns at a time, so rows are read in order. */
  function addSums(out: View, alpha: number, s: View | null, x: View): void {
    const [rows, columns] = x.shape;
    const [rowStep, step] = x.stride;
    for (let first = 0; first < columns; first += BLOCK) {
      const n = Math.min(BLOCK, columns - first);
      sums.fill(0);
      for (let i = 0; i < rows; i++) {
        const weight = s === null ? 1 : s.data[s.offset + i * columnStride(s)];
        let p = x.offset + i * rowStep + first * step;
        for (let j = 0; j < n; j++, p += step) sums[j] += weight * x.data[p];
      }
      let q = out.offset + first * columnStride(out);
      for (let j = 0; j < n; j++, q += columnStride(out)) out.data[q] += alpha * sums[j];
    }
  }
  return {
    addWeightedRows: (out: View, alpha: number, s: View, x: View) => addSums(out, alpha, s, x),
    addColumnSums: (out: View, a: View, alpha: number) => addSums(out, alpha, null, a),
  };
}
