import type { AnyNumbers, View } from '../array/matrix.ts';
import { blockRows } from '../data/blocks.ts';
import { isRowSource, type RowSource } from '../data/row-source.ts';
import type { FitPlan } from './options.ts';

/** Where the examples of a batch lie: rows of x. Holds until the next batch is taken. */
export interface Batch {
  readonly x: View<AnyNumbers>;
  readonly rows: Uint32Array;
}

/** Hands out the examples that `eachBatch` names, in its order, from memory or from a source. */
export interface Feed {
  /** Rows that are shuffled together, for `eachBatch`. */
  readonly block: number;
  /** @throws InputError where a block cannot be read, or holds a value that is not allowed. */
  take(examples: Uint32Array, epoch: number): Batch | Promise<Batch>;
  /** Resolves when nothing is being read any more. */
  close(): Promise<void>;
}

/** Checks a block whose first row is row `begin` of the source. @throws InputError */
export type BlockCheck = (x: View<AnyNumbers>, begin: number) => void;

/** A feed for a run; blocks of a source are checked as they arrive. `block` is `blockRows` but in tests. */
export async function createFeed(
  x: View<AnyNumbers> | RowSource,
  plan: FitPlan,
  check?: BlockCheck,
  block = blockRows(x.shape[0], x.shape[1]),
): Promise<Feed> {
  // Few runs need blocks: what reads them is loaded then.
  if (isRowSource(x)) return new (await import('./block-feed.ts')).BlockFeed(x, plan, block, check);
  return {
    block,
    take: (examples) => ({ x, rows: examples }),
    close: async () => {},
  };
}
