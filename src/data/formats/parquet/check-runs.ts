import { InputError } from '../../../errors.ts';

/** Bytes that are read one after the other. */
export interface Cursor {
  readonly view: DataView;
  offset: number;
}

/** As hyparquet reads it, 32 bits at most. */
function varInt(at: Cursor): number {
  for (let result = 0, shift = 0; ; shift += 7) {
    const byte = at.view.getUint8(at.offset++);
    result |= (byte & 0x7f) << shift;
    if (!(byte & 0x80)) return result;
  }
}

/**
 * Walks runs of equal values and of packed bits, as levels and indices are written: hyparquet repeats a value as often as a run
 * claims. Leaves the cursor where hyparquet does: `length` bytes on, or as many as the first four say.
 * @throws InputError where the runs claim more than n values.
 */
export function checkRuns(at: Cursor, width: number, n: number, what: string, length?: number): void {
  let bytes = length;
  if (bytes === undefined) {
    bytes = at.view.getUint32(at.offset, true);
    at.offset += 4;
  }
  const start = at.offset;
  for (let seen = 0; seen < n && at.offset < at.view.byteLength; ) {
    const header = varInt(at);
    if (header & 1) {
      const groups = (header >> 1) & 0x1fffffff;
      seen += Math.max(groups * 8, 1);
      at.offset += groups * width;
    } else {
      const count = header >>> 1;
      seen += count;
      if (seen > n) throw new InputError(`${what}: a run claims ${count} values where ${n} are left: it is damaged`);
      at.offset += (width + 7) >> 3;
    }
  }
  at.offset = start + bytes;
}

/** Bits of a level up to `most`. */
export function levelBits(most: number): number {
  return 32 - Math.clz32(most);
}
