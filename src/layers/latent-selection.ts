import { type View, zeros } from '../array/matrix.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { SparseRows } from './code.ts';
import { type Latents, mostLatents } from './latents.ts';

// Latents that several processes share are chosen in two steps: each selects the best of its own, whatever the others have;
// then their values alone travel, and each cuts its pairs down to what is among the best of all. Of equal values the lower
// latent survives, which is that of the lower rank, as lower ranks own lower latents.

/** The pairs of a process, rows of lengths of their own. */
export interface OwnPairs extends SparseRows {
  readonly lengths: View;
}

/**
 * Of the pairs of all processes the `most` largest of each row survive, the others of `a` become 0. `within`: how many pairs
 * of each row there are; null: as many as there is room for. Only values are looked at: z below 0 count too.
 */
export async function keepOfRows(
  k: Kernels,
  latents: Latents,
  { values, indices, lengths }: OwnPairs,
  a: View | null,
  most: number,
  within: View | null = null,
): Promise<void> {
  const [m, width] = values.shape;
  const room = Math.min(most, mostLatents(latents));
  const held = await k.copyOut(values);
  const counts = within === null ? null : await k.copyOut(within);
  const own = zeros(m * room, k.precision).fill(Number.NEGATIVE_INFINITY); // what no value is
  for (let i = 0; i < m; i++) {
    const n = counts === null ? width : counts[i];
    for (let t = 0; t < n; t++) own[i * room + t] = held[i * width + t];
  }
  const all = zeros(latents.size * m * room, k.precision);
  await latents.gather(own, all);
  const keep = new Uint32Array(m);
  const row = new Float64Array(latents.size * room);
  for (let i = 0; i < m; i++) {
    for (let rank = 0, q = 0; rank < latents.size; rank++) {
      const begin = (rank * m + i) * room;
      for (let t = 0; t < room; t++) row[q++] = all[begin + t];
    }
    keep[i] = ownOf(row, room, latents.rank, most);
  }
  k.keepLargest(values, indices, lengths, within, a, keep);
}

/** How many of the `most` largest of a row are of a rank, whose values begin at rank·room; −∞ stands for none. */
function ownOf(row: Float64Array, room: number, rank: number, most: number): number {
  const bound = most < row.length ? row.slice().sort()[row.length - most] : Number.NEGATIVE_INFINITY; // NaN comes last: it shows
  let above = 0;
  let [ownAbove, ownEquals, equalsBefore] = [0, 0, 0];
  row.forEach((value, q) => {
    const at = Math.floor(q / room);
    if (!(value <= bound)) {
      above++;
      if (at === rank) ownAbove++;
    } else if (value === bound && bound > Number.NEGATIVE_INFINITY) {
      if (at === rank) ownEquals++;
      else if (at < rank) equalsBefore++;
    }
  });
  return ownAbove + Math.max(0, Math.min(ownEquals, most - above - equalsBefore));
}

/**
 * Of the pairs of all processes, all above 0, the `count` largest survive, of equal ones those of the lower row, then of the
 * lower latent; the others of `a` become 0. `least` (1, doubles): the smallest survivor on entry of this process, then of all;
 * 0 where there is none. @returns how many there were to choose from.
 */
export async function keepOfAll(
  k: Kernels,
  latents: Latents,
  { values, indices, lengths }: OwnPairs,
  a: View,
  least: View,
  count: number,
): Promise<number> {
  const { rank, size } = latents;
  const [m] = values.shape;
  const counts = await k.copyOut(lengths);
  let [own, widest] = [0, 0];
  for (const n of counts) {
    own += n;
    widest = Math.max(widest, n);
  }
  const held = await k.copyOut({ ...values, shape: [m, widest] });
  const sizes = new Float64Array(2 * size);
  sizes[rank] = own;
  sizes[size + rank] = (await k.copyOut(least))[0];
  await latents.total(sizes);
  const found = sizes.subarray(0, size).reduce((sum, n) => sum + n, 0);
  if (found <= count) {
    const smallest = sizes.subarray(size).filter((value) => value > 0);
    k.write(least, [smallest.length === 0 ? 0 : smallest.reduce((p, q) => Math.min(p, q))]);
    return found;
  }
  const room = sizes.subarray(0, size).reduce((p, q) => Math.max(p, q));
  const mine = zeros(room, k.precision);
  for (let i = 0, q = 0; i < m; i++) for (let t = 0; t < counts[i]; t++) mine[q++] = held[i * widest + t];
  const all = zeros(size * room, k.precision);
  await latents.gather(mine, all);
  const bound = all.sort()[all.length - count]; // room that is not used is 0, below them all; NaN comes last: it shows
  let above = 0;
  while (above < all.length && !(all[all.length - 1 - above] <= bound)) above++;
  let equals = 0;
  while (all[all.length - 1 - above - equals] === bound) equals++;

  const keep = new Uint32Array(m);
  const ownEquals = new Uint32Array(m);
  for (let i = 0; i < m; i++) {
    for (let t = 0; t < counts[i]; t++) {
      const value = held[i * widest + t];
      if (!(value <= bound)) keep[i]++;
      else if (value === bound) ownEquals[i]++;
    }
  }
  let left = count - above;
  const byRow = new Float64Array(m * size); // how many equals each row has in each rank
  if (equals > left) {
    for (let i = 0; i < m; i++) byRow[i * size + rank] = ownEquals[i];
    await latents.total(byRow);
  }
  for (let i = 0; i < m; i++) {
    if (equals <= count - above) keep[i] += ownEquals[i];
    else {
      for (let r = 0; r < size; r++) {
        const taken = Math.min(left, byRow[i * size + r]);
        if (r === rank) keep[i] += taken;
        left -= taken;
      }
    }
  }
  k.keepLargest(values, indices, lengths, lengths, a, keep);
  k.write(least, [bound]);
  return found;
}
