import { type Numbers, zeros } from '../../array/matrix.ts';

const SIDE = 64; // of the squares that are turned together, so that both sides stay in the cache

/** Row-major (rows, columns) as row-major (columns, rows). */
export function transposedArray(values: Numbers, rows: number, columns: number): Numbers {
  const out = zeros(values.length, values instanceof Float64Array ? 'float64' : 'float32');
  for (let top = 0; top < rows; top += SIDE) {
    const bottom = Math.min(rows, top + SIDE);
    for (let left = 0; left < columns; left += SIDE) {
      const right = Math.min(columns, left + SIDE);
      for (let i = top; i < bottom; i++) for (let j = left; j < right; j++) out[j * rows + i] = values[i * columns + j];
    }
  }
  return out;
}
