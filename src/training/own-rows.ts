import { blockOrder, type Order, orderWithin } from '../data/stream/batches.ts';
import { firstOf, type Group } from '../model/group.ts';

/** The rows of a block of (count, ·) data, counted within it and rising, that a process takes in an epoch of batches. */
export function ownRows(
  number: number,
  count: number,
  batchSize: number,
  order: Order & { readonly block: number },
  group: Pick<Group, 'rank' | 'size'>,
): Uint32Array {
  const { block } = order;
  const sizeOf = (each: number) => Math.min(block, count - each * block);
  // Where in the order of the epoch the block begins.
  let place = 0;
  for (const each of blockOrder(count, batchSize, order)) {
    if (each === number) break;
    place += sizeOf(each);
  }
  const { rank, size } = group;
  const own: number[] = [];
  for (const row of orderWithin(number, count, batchSize, order)) {
    const within = place % batchSize;
    const batch = { length: Math.min(batchSize, count - (place++ - within)) }; // the last one may be smaller
    if (within >= firstOf(batch, { rank, size }) && within < firstOf(batch, { rank: rank + 1, size })) own.push(row);
  }
  return Uint32Array.from(own).sort();
}
