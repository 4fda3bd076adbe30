import type { AnyNumbers, View } from '../array/matrix.ts';
import { blockRows } from '../data/stream/blocks.ts';
import { isRowSource, type RowSource } from '../data/stream/row-source.ts';
import { alone, type Group } from '../model/group.ts';
import { type BlockCheck, type Feed, type HoldRows, noHold } from './batch.ts';
import type { FitPlan } from './options.ts';

/**
 * A feed for a run; blocks of a source are checked as they arrive. `block` is `blockRows` but in tests. Of a source that is
 * read in blocks a process of a group holds its own rows alone. `hold` is called with each block, the next one while steps run.
 */
export async function createFeed(
  x: View<AnyNumbers> | RowSource,
  plan: FitPlan,
  check?: BlockCheck,
  block = blockRows(x.shape[0], x.shape[1]),
  group: Group = alone,
  hold: HoldRows = noHold,
): Promise<Feed> {
  // Few runs need blocks: what reads them is loaded then.
  if (isRowSource(x)) return new (await import('./block-feed.ts')).BlockFeed(x, plan, block, check, group, hold);
  await hold(x);
  return {
    block,
    take: (examples) => ({ x, rows: examples }),
    close: async () => {},
  };
}
