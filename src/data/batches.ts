import { permutation, stream } from '../array/random.ts';
import { InputError } from '../errors.ts';

/**
 * The row numbers of an epoch's batches: the permutation that (seed, epoch) names, cut into pieces of batchSize; the
 * last piece may be smaller. With batchSize >= count there is one batch in natural order, so that sums over the whole
 * set do not depend on the seed. epoch is counted from 0. Throws InputError on sizes that are no integers >= 1.
 */
export function batchRows(count: number, batchSize: number, draw: { seed: number; epoch: number }): Uint32Array[] {
  for (const [name, value] of [
    ['count', count],
    ['batchSize', batchSize],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new InputError(`${name} is ${value}: it must be an integer of at least 1`);
    }
  }
  if (batchSize >= count) return [Uint32Array.from({ length: count }, (_, i) => i)];
  const order = permutation(count, { seed: draw.seed, stream: stream.shuffling, counter: draw.epoch });
  const batches: Uint32Array[] = [];
  for (let begin = 0; begin < count; begin += batchSize) batches.push(order.subarray(begin, begin + batchSize));
  return batches;
}
