import {
  type AnyNumbers,
  holdsValues,
  matrix,
  type Precision,
  rowRange,
  type TypedNumbers,
  toFlat,
  type View,
  zeros,
} from '../array/matrix.ts';

export const CHUNK = 256; // a network's buffers grow to this many rows, and every result of a chunk is garbage after it

/**
 * The rows of x, at most 256 at a time, so that what is computed from them needs memory for those alone. Rows of a view
 * that holds its values are views; those of others are their values in the precision, as a model of that precision sees them,
 * in storage that the next chunk reuses.
 */
export function* rowChunks(x: View<AnyNumbers>, precision: Precision): Generator<View<TypedNumbers>> {
  const [m, d] = x.shape;
  const stored = holdsValues(x) ? x : null;
  const values = zeros(stored === null ? Math.min(CHUNK, m) * d : 0, precision);
  for (let begin = 0; begin < m; begin += CHUNK) {
    const end = Math.min(begin + CHUNK, m);
    yield stored ? rowRange(stored, begin, end) : matrix(toFlat(rowRange(x, begin, end), values), end - begin, d);
  }
}
