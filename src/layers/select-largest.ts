import type { View } from '../array/matrix.ts';
import type { Kernels, Results } from '../kernels/kernels.ts';
import type { BatchShare } from './layer.ts';

/** Values of a byte. */
const DIGITS = 256;

/** What the processes choose together. */
export interface Largest {
  /** How many of this process's numbers are among the largest of all. */
  readonly own: number;
  /** Whether there are fewer numbers above 0 than were asked for: all of them are chosen then. */
  readonly fewer: boolean;
  /** The smallest that all processes choose; null where it was not needed. */
  readonly least: number | null;
}

/** Finds how many of the `count` largest a_ij > 0 of all processes are this process's own. */
export type SelectLargest = (a: View, count: number, share: Omit<BatchShare, 'm'>) => Promise<Largest>;

/**
 * The `count` largest a_ij > 0 of a matrix whose rows, or columns, lie with several processes in the order of their ranks; of
 * equal ones those of the lower row, then the lower column. Of its own equals every process then keeps the first: it has only
 * to know how many. By a radix selection: numbers above 0 are in the order of their bits, so that a sum of 256 counts tells
 * the next byte of the count-th largest. That is a sum a byte, fewer where all that agree with it so far are among the
 * largest; and where several equal it of which not all are, one more, over columns two.
 */
export function selectLargestOver(k: Kernels, split: 'rows' | 'columns'): SelectLargest {
  const bytes = k.precision === 'float32' ? 4 : 8;
  let results: Results | null = null;

  return async (a, count, share) => {
    results ??= k.allocateResults(DIGITS);
    const bound = new DataView(new ArrayBuffer(8)); // the count-th largest, as far as it is known
    const boundValue = () => (bytes === 4 ? bound.getFloat32(0) : bound.getFloat64(0));
    let own = 0; // above it
    let above = 0; // of all processes
    for (let byte = 0; byte < bytes; byte++) {
      k.clearResults(results);
      k.countBytes(results, 0, a, byte, boundValue());
      const counts = await k.read(results);
      const all = counts.slice();
      await share.total(all);
      let digit = DIGITS - 1;
      while (digit >= 0 && above + all[digit] < count) {
        above += all[digit];
        own += counts[digit--];
      }
      if (digit < 0) return { own, fewer: true, least: null };
      if (above + all[digit] === count) return { own: own + counts[digit], fewer: false, least: null };
      bound.setUint8(byte, digit);
      if (byte < bytes - 1) continue;
      const left = count - above;
      const first =
        split === 'rows'
          ? await firstByRow(counts[digit], left, share)
          : await firstByColumn(k, a, boundValue(), left, share);
      return { own: own + first, fewer: false, least: boundValue() };
    }
    throw new Error('the last byte tells');
  };
}

/** Of `equals` numbers of this process that come after those of lower ranks, how many are among the first `left`. */
async function firstByRow(equals: number, left: number, { size, rank, total }: Omit<BatchShare, 'm'>): Promise<number> {
  const byRank = new Float64Array(size);
  byRank[rank] = equals;
  await total(byRank);
  const before = byRank.subarray(0, rank).reduce((sum, n) => sum + n, 0);
  return Math.max(0, Math.min(equals, left - before));
}

/** Of the a_ij of this process that equal `bound`, how many are among the first `left`, where columns lie with processes. */
async function firstByColumn(
  k: Kernels,
  a: View,
  bound: number,
  left: number,
  share: Omit<BatchShare, 'm'>,
): Promise<number> {
  const results = k.allocateResults(a.shape[0]);
  k.clearResults(results);
  k.countEqual(results, 0, a, bound);
  const counts = await k.read(results);
  const all = counts.slice();
  await share.total(all);
  let own = 0;
  let before = 0;
  let row = 0;
  while (before + all[row] < left) {
    before += all[row];
    own += counts[row++];
  }
  return own + (await firstByRow(counts[row], left - before, share)); // the row of which not all are left
}

/** The smallest survivor of all processes, `known` or not, in the place of this one's. */
export async function leastOfAll(
  k: Kernels,
  least: View,
  known: number | null,
  share: Omit<BatchShare, 'm'>,
): Promise<number> {
  let smallest = known;
  if (smallest === null) {
    const byRank = new Float64Array(share.size);
    byRank[share.rank] = (await k.copyOut(least))[0];
    await share.total(byRank);
    const found = byRank.filter((value) => value > 0);
    smallest = found.length === 0 ? 0 : Math.min(...found);
  }
  k.write(least, [smallest]);
  return smallest;
}
