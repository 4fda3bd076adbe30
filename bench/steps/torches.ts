import type { Python } from '../beside/python.ts';
import type { Context } from '../context.ts';

/** Instructions that PyTorch uses, widest first, by which ratios are told apart. */
export const PEERS = ['AVX-512', 'AVX2'] as const;
export type Peer = (typeof PEERS)[number];

/** What OpenBLAS' code for a processor uses. */
export function instructionsOf(core: string | null): Peer {
  return /skylakex|cooperlake|sapphirerapids/i.test(core ?? '') ? 'AVX-512' : 'AVX2';
}

export interface Torch {
  readonly python: Python;
  readonly peer: Peer;
}

/** PyTorch with all that the processor has and, where that is more, with AVX2 alone. */
export async function startTorches(context: Context, threads: number): Promise<Torch[]> {
  const widest = await context.python('pytorch', threads, 'native');
  if (widest === null) return [];
  const list: Torch[] = [{ python: widest, peer: instructionsOf(widest.core) }];
  const narrow = list[0].peer === 'AVX2' ? null : await context.python('pytorch', threads, 'avx2');
  if (narrow !== null) list.push({ python: narrow, peer: 'AVX2' });
  return list;
}
