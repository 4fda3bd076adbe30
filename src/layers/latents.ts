import type { Numbers, View } from '../array/matrix.ts';
import type { Kernels } from '../kernels/kernels.ts';

/**
 * The latents of a code layer that a process owns, where several processes share them: each has rows of W and D and entries of b,
 * and sees every example. All ask for the same sums in the same order, and all get the same bits.
 */
export interface Latents {
  /** Of the whole layer. */
  readonly all: number;
  /** The first of this process's. */
  readonly first: number;
  /** How many it has. */
  readonly count: number;
  /** Of this process, from 0; lower ranks own lower latents. */
  readonly rank: number;
  /** How many processes there are. */
  readonly size: number;
  /** Each number of the view becomes its sum over the processes. */
  sum(k: Kernels, view: View): Promise<void> | void;
  /** The same for numbers that have been read. */
  total(values: Float64Array): Promise<void> | void;
  /** all[r·n … (r + 1)·n) becomes the n numbers `own` of process r, for every r; both of one kind. */
  gather(own: Numbers, all: Numbers): Promise<void> | void;
  /** The numbers become those of process `from`. */
  broadcast(numbers: Numbers, from: number): Promise<void> | void;
}

/** The most latents that a process has. */
export function mostLatents({ all, size }: Latents): number {
  return Math.ceil(all / size);
}

/** The latents of a process: neighbours, as many as the others have, to within one. */
export function ofProcess(all: number, rank: number, size: number): { readonly first: number; readonly count: number } {
  const first = Math.floor((rank * all) / size);
  return { first, count: Math.floor(((rank + 1) * all) / size) - first };
}
