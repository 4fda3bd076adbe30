import type { View } from '../cpu-view.ts';

/** lengths_i = how many of the first within_i pairs have an index below `bound`; indices rise. */
export function countBelow(
  lengths: View<Uint32Array>,
  indices: View<Uint32Array>,
  within: View<Uint32Array> | null,
  bound: number,
): void {
  const [m, width] = indices.shape;
  for (let i = 0; i < m; i++) {
    const all = within === null ? width : within.data[within.offset + i * within.stride[0]];
    const base = indices.offset + i * indices.stride[0];
    let n = 0;
    while (n < all && indices.data[base + n] < bound) n++;
    lengths.data[lengths.offset + i * lengths.stride[0]] = n;
  }
}

/** The `count` largest a_ij > 0 of the whole matrix, lower rows and then lower columns first; the rest of a is 0. */
export function selectLargestOfAll(
  values: View,
  indices: View<Uint32Array>,
  lengths: View<Uint32Array>,
  least: View,
  a: View,
  count: number,
): void {
  const [m, units] = a.shape;
  const positive: number[] = [];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < units; j++) {
      const value = a.data[a.offset + i * a.stride[0] + j * a.stride[1]];
      if (!(value <= 0)) positive.push(value); // a NaN too: it shows
    }
  }
  const bound = largest(positive, count);
  let above = 0;
  for (const value of positive) if (!(value <= bound)) above++;
  let ties = Math.max(0, count - above); // of those that equal the bound, the first
  let smallest = 0;
  keepPairs(values, indices, lengths, a, (value) => {
    const survives = !(value <= 0) && (!(value <= bound) || (value === bound && ties-- > 0));
    if (survives && (smallest === 0 || value < smallest)) smallest = value;
    return survives;
  });
  least.data[least.offset] = smallest;
}

/** The count-th largest of the numbers, none of which is lost where they are fewer: then 0. */
function largest(numbers: readonly number[], count: number): number {
  if (count <= 0) return Number.POSITIVE_INFINITY;
  if (numbers.length <= count) return 0;
  return Float64Array.from(numbers).sort()[numbers.length - count];
}

/** Every a_ij above the threshold, and above 0. */
export function selectAbove(
  values: View,
  indices: View<Uint32Array>,
  lengths: View<Uint32Array>,
  a: View,
  threshold: View,
): void {
  const bound = Math.max(0, threshold.data[threshold.offset]);
  keepPairs(values, indices, lengths, a, (value) => !(value <= bound));
}

/** Pairs of the a_ij that survive, row by row; the others become 0. */
export function keepPairs(
  values: View,
  indices: View<Uint32Array>,
  lengths: View<Uint32Array>,
  a: View,
  survives: (value: number, at: number) => boolean,
): void {
  const [m, units] = a.shape;
  const { data } = a;
  for (let i = 0; i < m; i++) {
    let p = a.offset + i * a.stride[0];
    let q = values.offset + i * values.stride[0];
    const base = indices.offset + i * indices.stride[0];
    let n = 0;
    for (let j = 0; j < units; j++, p += a.stride[1]) {
      if (!survives(data[p], p)) {
        data[p] = 0;
        continue;
      }
      values.data[q] = data[p];
      indices.data[base + n++] = j;
      q += values.stride[1];
    }
    lengths.data[lengths.offset + i * lengths.stride[0]] = n;
  }
}

/** Of the pairs of each row the keep_i largest stay, of equal ones the first; of the others a_ij becomes 0. */
export function keepLargest(
  values: View,
  indices: View<Uint32Array>,
  lengths: View<Uint32Array>,
  within: View<Uint32Array> | null,
  a: View | null,
  keep: Uint32Array,
): void {
  const [m, width] = values.shape;
  for (let i = 0; i < m; i++) {
    const n = within === null ? width : within.data[within.offset + i * within.stride[0]];
    const most = Math.min(n, keep[i]);
    lengths.data[lengths.offset + i * lengths.stride[0]] = most;
    if (most === n) continue;
    const at = (t: number) => values.offset + i * values.stride[0] + t * values.stride[1];
    const base = indices.offset + i * indices.stride[0];
    const ranked = Float64Array.from({ length: n }, (_, t) => values.data[at(t)]).sort(); // NaN comes last
    const bound = most === 0 ? Number.POSITIVE_INFINITY : ranked[n - most];
    let ties = most;
    for (let t = n - 1; t >= 0 && !(ranked[t] <= bound); t--) ties--;
    for (let t = 0, kept = 0; t < n; t++) {
      const value = values.data[at(t)];
      if (kept < most && (!(value <= bound) || (value === bound && ties-- > 0))) {
        values.data[at(kept)] = value;
        indices.data[base + kept++] = indices.data[base + t];
      } else if (a !== null) a.data[a.offset + i * a.stride[0] + indices.data[base + t] * a.stride[1]] = 0;
    }
  }
}

/** t ← t + rate·(least − t), begun at the first `least`. */
export function moveThreshold(threshold: View, least: View, rate: number): void {
  const smallest = least.data[least.offset];
  if (smallest === 0) return;
  const before = threshold.data[threshold.offset];
  threshold.data[threshold.offset] = before === 0 ? smallest : before + rate * (smallest - before);
}

/** sums[slot + d] += how many a_ij > 0 have the byte d, of those that agree with `like` above it. */
export function countBytes(sums: Float64Array, slot: number, a: View, byte: number, like: number): void {
  const [m, units] = a.shape;
  const wide = a.data instanceof Float64Array;
  const number = wide ? new Float64Array(1) : new Float32Array(1);
  const word = new Uint32Array(number.buffer); // the upper one is the last
  const at = wide && byte < 4 ? 1 : 0;
  const top = wide ? 1 : 0; // the word above, or the same
  const shift = 24 - 8 * (byte % 4);
  number[0] = like;
  const above = (word[at] >>> shift) >>> 8;
  const first = word[top];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < units; j++) {
      const value = a.data[a.offset + i * a.stride[0] + j * a.stride[1]];
      if (!(value > 0)) continue;
      number[0] = value;
      if ((word[at] >>> shift) >>> 8 !== above || (at !== top && word[top] !== first)) continue;
      sums[slot + ((word[at] >>> shift) & 255)]++;
    }
  }
}

/** sums[slot + i] += how many a_ij of row i equal `value`. */
export function countEqual(sums: Float64Array, slot: number, a: View, value: number): void {
  const [m, units] = a.shape;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < units; j++) {
      if (a.data[a.offset + i * a.stride[0] + j * a.stride[1]] === value) sums[slot + i]++;
    }
  }
}
