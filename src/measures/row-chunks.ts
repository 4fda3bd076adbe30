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
  const [m] = x.shape;
  const rows = rowReader(x, precision);
  for (let begin = 0; begin < m; begin += CHUNK) yield rows(begin, Math.min(begin + CHUNK, m));
}

/** Gives rows begin … end−1 of x, as `rowChunks` does: what the last call gave may be void. */
export function rowReader(
  x: View<AnyNumbers>,
  precision: Precision,
): (begin: number, end: number) => View<TypedNumbers> {
  const d = x.shape[1];
  if (holdsValues(x)) return (begin, end) => rowRange(x, begin, end);
  let values = zeros(0, precision);
  return (begin, end) => {
    const n = (end - begin) * d;
    if (values.length < n) values = zeros(n, precision);
    return matrix(toFlat(rowRange(x, begin, end), values), end - begin, d);
  };
}
