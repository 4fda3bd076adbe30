import { type AnyNumbers, asValues, type Vector, type View, vector } from '../array/matrix.ts';
import { InputError } from '../errors.ts';

/**
 * ‖x̂ₖ − xₖ‖² of each example, (m): summed over coordinates, no ½. What a model that has learnt the rest cannot
 * reconstruct stands out: an anomaly score. x may have a unit; x̂ is what `reconstruct` gives.
 * @throws InputError if the shapes differ.
 */
export function squaredErrors(x: View<AnyNumbers>, reconstruction: View<AnyNumbers>): Vector<Float64Array> {
  const [m, d] = x.shape;
  if (x.shape.length !== 2 || m !== reconstruction.shape[0] || d !== reconstruction.shape[1]) {
    throw new InputError(
      `the reconstruction has shape (${reconstruction.shape.join(', ')}) and x (${x.shape.join(', ')}): they must be equal, (m, d)`,
    );
  }
  const a = asValues(x, 'float64');
  const b = asValues(reconstruction, 'float64');
  const out = new Float64Array(m);
  for (let k = 0; k < m; k++) {
    let p = a.offset + k * a.stride[0];
    let q = b.offset + k * b.stride[0];
    for (let i = 0; i < d; i++, p += a.stride[1], q += b.stride[1]) out[k] += (b.data[q] - a.data[p]) ** 2;
  }
  return vector(out);
}
