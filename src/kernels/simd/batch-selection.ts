import type { View } from '../cpu-view.ts';
import { keepPairs } from '../reference/batch-selection.ts';

/** The upper bits of a number above 0, by which it is counted first. */
const COARSE = 20;
const BINS = 2 ** (31 - COARSE);

/**
 * `selectLargestOfAll` for float32: numbers above 0 are in the order of their bits, so the count-th largest is found by counting
 * them by their upper bits, and ranking those of one bin alone.
 */
export function selectLargestOfAll(
  values: View,
  indices: View<Uint32Array>,
  lengths: View<Uint32Array>,
  least: View,
  a: View,
  count: number,
): void {
  const [m, units] = a.shape;
  const bits = new Int32Array(a.data.buffer, a.data.byteOffset, a.data.length);
  const bins = new Uint32Array(BINS);
  for (let i = 0; i < m; i++) {
    let p = a.offset + i * a.stride[0];
    for (let j = 0; j < units; j++, p += a.stride[1]) if (bits[p] > 0) bins[bits[p] >> COARSE]++; // NaNs are the largest
  }
  let above = 0;
  let bin = BINS - 1;
  while (bin >= 0 && above + bins[bin] <= count) above += bins[bin--];
  // All numbers of higher bins survive, and of this one those that are left.
  let bound = 0;
  let ties = 0;
  if (bin >= 0) {
    const members = new Int32Array(bins[bin]);
    let n = 0;
    for (let i = 0; i < m; i++) {
      let p = a.offset + i * a.stride[0];
      for (let j = 0; j < units; j++, p += a.stride[1]) {
        if (bits[p] > 0 && bits[p] >> COARSE === bin) members[n++] = bits[p];
      }
    }
    members.sort();
    const left = count - above;
    bound = left > 0 ? members[n - left] : ((bin + 1) << COARSE) - 1;
    ties = left;
    for (let t = n - 1; t >= 0 && members[t] > bound; t--) ties--;
  }
  let smallest = 0;
  keepPairs(values, indices, lengths, a, (value, p) => {
    const own = bits[p];
    const survives = own > bound || (own === bound && own > 0 && ties-- > 0);
    if (survives && (smallest === 0 || value < smallest)) smallest = value;
    return survives;
  });
  least.data[least.offset] = smallest;
}
