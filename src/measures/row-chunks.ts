import { type AnyNumbers, matrix, type Precision, rowRange, toFlat, type View, zeros } from '../array/matrix.ts';

const CHUNK = 256; // a network's buffers grow to this many rows, and every result of a chunk is garbage after it

/**
 * The rows of x, at most 256 at a time, so that what is computed from them needs memory for those alone. Rows of a view
 * without a unit are views; those of others are their values in the precision, as a model of that precision sees them,
 * in storage that the next chunk reuses.
 */
export function* rowChunks<D extends AnyNumbers>(x: View<D>, precision: Precision): Generator<View<AnyNumbers>> {
  const [m, d] = x.shape;
  const values = x.unit === undefined ? null : zeros(Math.min(CHUNK, m) * d, precision);
  for (let begin = 0; begin < m; begin += CHUNK) {
    const rows = rowRange(x, begin, Math.min(begin + CHUNK, m));
    yield values === null ? rows : matrix(toFlat(rows, values), rows.shape[0], d);
  }
}
