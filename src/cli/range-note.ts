import { type AnyNumbers, rowRange, toFlat, type View } from '../array/matrix.ts';
import type { FullConfig } from '../model/config.ts';

/** Rows that are looked at. */
const ROWS = 1000;

/**
 * A line for data that a sigmoid output cannot reach, null for others. Training goes on, as a caller may know better;
 * cross-entropy refuses such data.
 */
export function rangeNote({ output, loss }: FullConfig, x: View<AnyNumbers>): string | null {
  if (output !== 'sigmoid' || loss === 'cross-entropy') return null;
  const few = rowRange(x, 0, Math.min(ROWS, x.shape[0]));
  const values = toFlat(few, new Float64Array(few.shape[0] * few.shape[1]));
  const [low, high] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  if (low >= 0 && high <= 1) return null;
  const range = `${Number(low.toPrecision(4))} to ${Number(high.toPrecision(4))}`;
  return `the data go from ${range}, sigmoid outputs from 0 to 1: use --output linear, or --preprocess cs294a`;
}
