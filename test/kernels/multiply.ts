import type { Matrix } from '../../src/array/matrix.ts';

/** α·a·b + β·out by three loops in float64, and what a kernel of out's precision may differ from it by, elementwise. */
export function multiply(
  out: Matrix,
  a: Matrix,
  b: Matrix,
  alpha: number,
  beta: number,
): { values: Float64Array; tolerance: Float64Array } {
  const [rows, columns] = out.shape;
  const depth = a.shape[1];
  const left = dense(a);
  const right = dense(b);
  const values = new Float64Array(rows * columns);
  const tolerance = new Float64Array(rows * columns);
  // A sum of n rounded products is off by at most n·2⁻⁵³ of its magnitudes; float32 rounds once more, at the store.
  const unit = (depth + 4) * 2 ** -53 + (out.data instanceof Float32Array ? 2 ** -24 : 0);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      let magnitude = 0;
      for (let k = 0; k < depth; k++) {
        const product = left[i * depth + k] * right[k * columns + j];
        sum += product;
        magnitude += Math.abs(product);
      }
      const old = beta === 0 ? 0 : beta * out.get(i, j);
      values[i * columns + j] = alpha * sum + old;
      tolerance[i * columns + j] = 2 * unit * (Math.abs(alpha) * magnitude + Math.abs(old));
    }
  }
  return { values, tolerance };
}

function dense(m: Matrix): Float64Array {
  const [rows, columns] = m.shape;
  const flat = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) flat[i * columns + j] = m.get(i, j);
  return flat;
}
