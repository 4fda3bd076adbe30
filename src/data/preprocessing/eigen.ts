import { EigenvalueDecomposition, Matrix as Square } from 'ml-matrix';
import type { AnyNumbers, View } from '../../array/matrix.ts';
import { numberAt } from '../../array/numbers.ts';
import { dotRows } from './dot-rows.ts';

const BLOCK = 256; // rows that are centred and transposed together, so that products run along memory

/** (1/m)·Σ (x − mean)ᵀ(x − mean), (d, d), the mean taken off first. */
export function covariance(x: View<AnyNumbers>, mean: Float64Array): Float64Array {
  const [m, d] = x.shape;
  const { unit = 1 } = x;
  const sum = new Float64Array(d * d);
  const columns = new Float64Array(d * BLOCK);
  for (let begin = 0; begin < m; begin += BLOCK) {
    for (let j = 0; j < d; j++) {
      for (let t = 0; t < BLOCK; t++) {
        const p = x.offset + (begin + t) * x.stride[0] + j * x.stride[1];
        columns[j * BLOCK + t] = begin + t < m ? numberAt(x.data, p) / unit - mean[j] : 0;
      }
    }
    for (let i = 0; i < d; i++) dotRows(sum, i * d, columns, i * BLOCK, columns, i, d, BLOCK);
  }
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) sum[j * d + i] = sum[i * d + j] /= m;
  }
  return sum;
}

/**
 * Eigenvalues, largest first, and eigenvectors as rows of length 1. The first entry of a vector that is about its
 * largest is positive, which fixes the sign that the decomposition leaves open.
 */
export function eigen(symmetric: Float64Array, d: number): { values: number[]; vectors: Float64Array } {
  const scale = symmetric.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
  const scaled = symmetric.map((value) => value / scale);
  const result = new EigenvalueDecomposition(Square.from1DArray(d, d, scaled), { assumeSymmetric: true });
  const order = result.realEigenvalues.map((value, index) => ({ value, index })).sort((a, b) => b.value - a.value);
  const vectors = new Float64Array(d * d);
  order.forEach(({ index }, j) => {
    const column = result.eigenvectorMatrix.getColumn(index);
    const largest = column.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    // Entries that are equal but for rounding must not decide by their rounding.
    const sign = (column.find((value) => Math.abs(value) > largest * (1 - 1e-6)) ?? 1) < 0 ? -1 : 1;
    for (let i = 0; i < d; i++) vectors[j * d + i] = sign * column[i];
  });
  return { values: order.map(({ value }) => Math.max(0, value * scale)), vectors };
}
