import { InputError } from '../../errors.ts';
import type { NumberKind } from './number-bytes.ts';

/** A data element of a MAT-file: its type, and where its bytes lie. */
export interface MatElement {
  readonly type: number;
  readonly begin: number;
  readonly end: number;
  /** Where the next one begins inside an array: elements are padded to 8 bytes there. */
  readonly next: number;
}

/** Bytes, and the order in which those of a number stand. */
export interface MatBytes {
  readonly bytes: Uint8Array;
  readonly littleEndian: boolean;
}

export const MATRIX = 14;
export const COMPRESSED = 15;

/** How the numbers of an element are stored, by its type. */
export const storedKinds: ReadonlyMap<number, NumberKind> = new Map([
  [1, 'i1'],
  [2, 'u1'],
  [3, 'i2'],
  [4, 'u2'],
  [5, 'i4'],
  [6, 'u4'],
  [7, 'f4'],
  [9, 'f8'],
  [12, 'i8'],
  [13, 'u8'],
]);

/** The bytes as numbers. */
export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/**
 * The element at byte `at`, which must end by `limit`. A small one has type and length in four bytes, and its data in the
 * next four. Throws InputError where it reaches beyond. [MathWorks, MAT-File Format, "Data Elements"]
 */
export function elementAt({ bytes, littleEndian }: MatBytes, at: number, limit: number, what: string): MatElement {
  if (at + 8 > limit) throw new InputError(`${what}: it ends within a variable, at byte ${at}: it was cut`);
  const view = viewOf(bytes);
  const first = view.getUint32(at, littleEndian);
  const small = first >>> 16;
  if (small > 0) {
    if (small > 4) throw new InputError(`${what}: a small element at byte ${at} has ${small} bytes: it is damaged`);
    return { type: first & 0xffff, begin: at + 4, end: at + 4 + small, next: at + 8 };
  }
  const length = view.getUint32(at + 4, littleEndian);
  const begin = at + 8;
  const end = begin + length;
  if (end > limit) {
    throw new InputError(
      `${what}: an element at byte ${at} announces ${length} bytes, and ${limit - begin} are there: it was cut, or is damaged`,
    );
  }
  return { type: first, begin, end, next: begin + 8 * Math.ceil(length / 8) };
}
