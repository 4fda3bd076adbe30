import { type AnyNumbers, toFlat, type View } from '../array/matrix.ts';
import type { Activity } from './responses.ts';
import { rowChunks } from './row-chunks.ts';

/** Codes (m, h) that lie in an array, some examples at a time. */
export function* activitiesOf(codes: View<AnyNumbers>): Generator<Activity> {
  const units = codes.shape[1];
  for (const rows of rowChunks(codes, 'float64')) {
    const examples = rows.shape[0];
    yield { a: toFlat(rows, new Float64Array(examples * units)), examples, units };
  }
}
