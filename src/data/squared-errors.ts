import {
  type AnyNumbers,
  asValues,
  type Matrix,
  matrix,
  rowRange,
  type Vector,
  type View,
  vector,
} from '../array/matrix.ts';
import { asView, type MatrixLike } from '../array/view-check.ts';
import { InputError, show } from '../errors.ts';

/**
 * ‖x̂ₖ − xₖ‖² of each example, (m): summed over coordinates, no ½. What a model that has learnt the rest cannot
 * reconstruct stands out: an anomaly score. x may have a unit; x̂ is what `reconstruct` gives.
 * @throws InputError if one is no view, the shapes differ, or an error is not finite.
 */
export function squaredErrors(x: MatrixLike, reconstruction: MatrixLike): Vector<Float64Array> {
  const [given, found] = pairOf(x, reconstruction);
  const [m, d] = given.shape;
  const a = asValues(given, 'float64');
  const b = asValues(found, 'float64');
  const out = new Float64Array(m);
  for (let k = 0; k < m; k++) {
    let p = a.offset + k * a.stride[0];
    let q = b.offset + k * b.stride[0];
    for (let i = 0; i < d; i++, p += a.stride[1], q += b.stride[1]) out[k] += (b.data[q] - a.data[p]) ** 2;
  }
  const bad = out.findIndex((error) => !Number.isFinite(error));
  if (bad < 0) return vector(out);
  throw new InputError(
    `the squared error of example ${bad} is ${out[bad]}: x and the reconstruction must hold finite numbers, whose squares float64 can hold`,
  );
}

/**
 * (x̂ₖᵢ − xₖᵢ)² of the examples `rows`, (rows, d), no ½: which coordinates an anomaly score comes from.
 * @throws InputError as `squaredErrors` does, and where a row is none of x's.
 */
export function squaredErrorsByColumn(
  x: MatrixLike,
  reconstruction: MatrixLike,
  rows: ArrayLike<number>,
): Matrix<Float64Array> {
  const [given, found] = pairOf(x, reconstruction);
  const [m, d] = given.shape;
  const out = new Float64Array(rows.length * d);
  for (let n = 0; n < rows.length; n++) {
    const k = rows[n];
    if (!(Number.isInteger(k) && k >= 0 && k < m)) {
      throw new InputError(`rows[${n}] is ${show(k)}: there are ${m} examples, so it must be from 0 to ${m - 1}`);
    }
    const a = asValues(rowRange(given, k, k + 1), 'float64');
    const b = asValues(rowRange(found, k, k + 1), 'float64');
    for (let i = 0; i < d; i++) {
      const error = (b.data[b.offset + i * b.stride[1]] - a.data[a.offset + i * a.stride[1]]) ** 2;
      if (!Number.isFinite(error)) {
        throw new InputError(
          `the squared error of example ${k} is ${error} in column ${i}: x and the reconstruction must hold finite numbers, whose squares float64 can hold`,
        );
      }
      out[n * d + i] = error;
    }
  }
  return matrix(out, rows.length, d);
}

function pairOf(x: MatrixLike, reconstruction: MatrixLike): [x: View<AnyNumbers>, reconstruction: View<AnyNumbers>] {
  const pair: [View<AnyNumbers>, View<AnyNumbers>] = [asView(x, 'x'), asView(reconstruction, 'the reconstruction')];
  const [a, b] = pair.map(({ shape }) => shape);
  if (a.length === 2 && a[0] === b[0] && a[1] === b[1]) return pair;
  throw new InputError(
    `the reconstruction has shape (${b.join(', ')}) and x (${a.join(', ')}): they must be equal, (m, d)`,
  );
}
