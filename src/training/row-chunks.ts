import { type AnyNumbers, type Matrix, rowRange } from '../array/matrix.ts';

const CHUNK = 1024;

/** The rows of x, at most 1024 at a time, as views: what is computed from them needs memory for those alone. */
export function* rowChunks<D extends AnyNumbers>(x: Matrix<D>): Generator<Matrix<D>> {
  const [m] = x.shape;
  for (let begin = 0; begin < m; begin += CHUNK) yield rowRange(x, begin, Math.min(begin + CHUNK, m));
}
