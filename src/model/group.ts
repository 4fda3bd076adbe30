import type { Numbers, View } from '../array/matrix.ts';
import type { Kernels } from '../kernels/kernels.ts';

/**
 * The processes that share every batch, each holding the same θ and taking its own rows. All of them ask for the same sums
 * in the same order, and all get the same bits.
 */
export interface Group {
  /** Of this process, from 0. */
  readonly rank: number;
  /** How many there are. */
  readonly size: number;
  /** Each number of the view becomes its sum over the processes. */
  sum(k: Kernels, view: View): Promise<void> | void;
  /** The same for numbers that have been read. */
  total(values: Float64Array): Promise<void> | void;
  /** all[r·n … (r + 1)·n) becomes the n numbers `own` of process r, for every r; both of one kind. */
  gather(own: Numbers, all: Numbers): Promise<void> | void;
  /** The numbers become those of process `from`. Default: by `gather`. */
  broadcast?(numbers: Numbers, from: number): Promise<void> | void;
}

/** The rows of a batch that a process takes: neighbours, as many as the others take, to within one. */
export function shareOf(rows: Uint32Array, group: Group): Uint32Array {
  return rows.subarray(firstOf(rows, group), firstOf(rows, { rank: group.rank + 1, size: group.size }));
}

/** The place in a batch where a process's share begins. */
export function firstOf(rows: { readonly length: number }, { rank, size }: Pick<Group, 'rank' | 'size'>): number {
  return Math.floor((rank * rows.length) / size);
}

/** One process: its sums are the whole. */
export const alone: Group = {
  rank: 0,
  size: 1,
  sum() {},
  total() {},
  gather(own, all) {
    all.set(own);
  },
};
