import { type AnyNumbers, numberAt } from '../../array/numbers.ts';

/** Pixels go further up, unless an image is almost black. */
export const DARK = 31;

/** What unsigned bytes are divided by, and a word about it where it is not plain. */
export interface ByteUnit {
  readonly unit: number;
  readonly note?: string | undefined;
}

/** The largest of `most` and the bytes, or some byte that is above every one that `unitOfBytes` tells apart. */
export function largestByte(data: AnyNumbers, most = 0): number {
  for (let i = 0; i < data.length && most <= DARK; i++) most = Math.max(most, numberAt(data, i));
  return most;
}

/**
 * By the largest of the bytes: 0 and 1 are what they are, others pixels of 255 steps. `known`: the unit of the data that a
 * model was trained on, null where it does not say; the bytes then decide nothing.
 */
export function unitOfBytes(most: number, known?: number | null): ByteUnit {
  if (typeof known === 'number') return { unit: known };
  if (known === undefined && most <= 1) {
    return { unit: 1, note: 'its bytes are 0 and 1, and are read as they are: --unit 255 divides them by 255' };
  }
  if (most > DARK) return { unit: 255 };
  return { unit: 255, note: `its bytes go up to ${most} and are divided by 255: --unit 1 reads them as they are` };
}
