import { type AnyNumbers, matrix, toFlat, type View } from '../../array/matrix.ts';
import { putInto, storageLike } from '../../array/numbers.ts';
import { refuseNonFinite } from '../finite.ts';
import { type RowSource, whereIn } from './row-source.ts';

const ROWS = 10_000;
const NUMBERS = 2 ** 23; // 32 MB in float32
const RUNS = 16;

/** How many rows of (m, d) data stand for all: at most 10,000, and 2²³ numbers. */
export function sampleSize(m: number, d: number): number {
  return Math.min(m, ROWS, Math.max(1, Math.floor(NUMBERS / d)));
}

/**
 * Rows that stand for all of a source, for what must look at them at once: sixteen runs of neighbours at equal distances,
 * so that data that lie in some order are seen from end to end. All rows where there are no more than the sample has. Throws InputError on a
 * value that is not finite, naming its row.
 */
export async function readSample(source: RowSource): Promise<View<AnyNumbers>> {
  const [m, d] = source.shape;
  const size = sampleSize(m, d);
  if (size === m) return readFinite(source, 0, m);
  const runs = Math.min(RUNS, size);
  let sample: View<AnyNumbers> | null = null;
  for (let run = 0, at = 0; run < runs; run++) {
    const rows = Math.floor(((run + 1) * size) / runs) - at;
    const begin = runs === 1 ? 0 : Math.floor((run * (m - rows)) / (runs - 1));
    const x = await readFinite(source, begin, begin + rows);
    if (sample === null) {
      const data = storageLike(x.data, size * d);
      sample = Object.assign(matrix(data, size, d), x.unit === undefined ? {} : { unit: x.unit });
    }
    putInto(sample.data, toFlat(x), at * d);
    at += rows;
  }
  return sample as View<AnyNumbers>;
}

async function readFinite(source: RowSource, begin: number, end: number): Promise<View<AnyNumbers>> {
  const x = await source.read(begin, end);
  refuseNonFinite(x, 'data', (row) => whereIn(source, begin + row));
  return x;
}
