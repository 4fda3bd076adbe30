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
