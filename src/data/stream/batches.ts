import { permutation, stream } from '../../array/random.ts';
import { InputError } from '../../errors.ts';

/** What names the order of an epoch's examples. */
export interface Order {
  /** Of the shuffling, an integer. */
  readonly seed: number;
  /** Counted from 0. */
  readonly epoch: number;
  /** Rows that are shuffled together: see `blockRows`. Default: all. */
  readonly block?: number | undefined;
}

/**
 * The row numbers of an epoch's batches. The permutation that (seed, epoch) names, cut into pieces of batchSize; the last
 * piece may be smaller. Data of several blocks have a permutation of the blocks and one within each, and batches run on
 * across their borders. With batchSize >= count there is one batch in natural order, so that sums over the whole
 * set do not depend on the seed. Throws InputError on sizes that are no integers >= 1.
 */
export function batchRows(count: number, batchSize: number, order: Order): Uint32Array[] {
  return [...eachBatch(count, batchSize, order)];
}

/** The same one by one: memory for a block's permutation alone. */
export function* eachBatch(count: number, batchSize: number, order: Order): Generator<Uint32Array, void> {
  const { seed, epoch, block = count } = order;
  for (const [name, value] of Object.entries({ count, batchSize, block })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new InputError(`${name} is ${value}: it must be an integer of at least 1`);
    }
  }
  if (batchSize >= count) {
    yield Uint32Array.from({ length: count }, (_, i) => i);
    return;
  }
  if (block >= count) {
    const rows = permutation(count, { seed, stream: stream.shuffling, counter: epoch });
    for (let begin = 0; begin < count; begin += batchSize) yield rows.subarray(begin, begin + batchSize);
    return;
  }
  const blocks = blockOrder(count, batchSize, order);
  let batch = new Uint32Array(batchSize);
  let filled = 0;
  for (const number of blocks) {
    const begin = number * block;
    for (const row of orderWithin(number, count, batchSize, order)) {
      batch[filled++] = begin + row;
      if (filled < batchSize) continue;
      yield batch;
      batch = new Uint32Array(batchSize);
      filled = 0;
    }
  }
  if (filled > 0) yield batch.subarray(0, filled);
}

/** The order in which `eachBatch` comes to the rows of a block, of several, counted within it. */
export function orderWithin(
  number: number,
  count: number,
  batchSize: number,
  { seed, epoch, block = count }: Order,
): Uint32Array {
  const rows = Math.min(block, count - number * block);
  if (batchSize >= count) return Uint32Array.from({ length: rows }, (_, i) => i);
  const draw = { seed, stream: stream.shufflingWithin, counter: epoch * Math.ceil(count / block) + number };
  return permutation(rows, draw);
}

/** The order in which `eachBatch` comes to the blocks; block b holds rows b·block … . */
export function blockOrder(count: number, batchSize: number, { seed, epoch, block = count }: Order): Uint32Array {
  const blocks = Math.ceil(count / block);
  if (batchSize >= count) return Uint32Array.from({ length: blocks }, (_, i) => i);
  return permutation(blocks, { seed, stream: stream.shufflingBlocks, counter: epoch });
}
