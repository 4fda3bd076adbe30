import { type AnyNumbers, toFlat, type View } from '../array/matrix.ts';
import { type Activity, ActivityReader } from './activity.ts';
import { rowChunks } from './row-chunks.ts';

/** Codes (m, h) that lie in an array, some examples at a time. */
export function* activitiesOf(codes: View<AnyNumbers>): Generator<Activity> {
  const units = codes.shape[1];
  const reader = new ActivityReader(units);
  for (const rows of rowChunks(codes, 'float64')) {
    yield reader.read(toFlat(rows, new Float64Array(rows.shape[0] * units)));
  }
}
