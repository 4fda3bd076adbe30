import type { FileHandle } from 'node:fs/promises';
import { type Precision, zeros } from '../array/matrix.ts';
import { type AnyNumbers, elementsOf, type TypedNumbers } from '../array/numbers.ts';
import { TwoByteNumbers } from '../array/two-byte.ts';
import { itemBytes, type NumberKind, numbersFromBytes, twoByteKinds } from '../data/formats/number-bytes.ts';
import { InputError } from '../errors.ts';

/** Which numbers of a file: from byte `position`, as many as there is room for. */
export interface NumbersAt {
  readonly kind: NumberKind;
  readonly littleEndian: boolean;
  readonly position: number;
  /** For messages. */
  readonly path: string;
}

interface Constructor {
  new (length: number): TypedNumbers;
  new (buffer: ArrayBufferLike, at: number, length: number): TypedNumbers;
}

/** Kinds that have an array type of their own, or of their words. */
const own: Partial<Record<NumberKind, Constructor>> = {
  f2: Uint16Array,
  bf2: Uint16Array,
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
};
const PIECE = 2 ** 20; // numbers that are converted at a time
const hostIsLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Room for so many numbers of a kind, `old` where it has their type and is large enough. What needs 8 bytes has the
 * precision's type, floats of two bytes keep theirs.
 */
export function storageFor(kind: NumberKind, length: number, precision: Precision, old?: AnyNumbers): AnyNumbers {
  const floats = twoByteKinds[kind];
  const wide = itemBytes[kind] === 8 ? (zeros(0, precision).constructor as Constructor) : undefined;
  const type = wide ?? own[kind] ?? Float32Array;
  const before = old && elementsOf(old);
  const isEnough = before?.constructor === type && before.buffer.byteLength >= length * before.BYTES_PER_ELEMENT;
  const data = isEnough ? new type(before.buffer, 0, length) : new type(length);
  return floats === undefined ? data : new TwoByteNumbers(floats, data as Uint16Array);
}

/**
 * Fills `out`, which `storageFor` gave, from a file. Types with an array of their own are read to where they belong, at
 * once, and turned round there where the file has the other byte order; others go through a piece at a time.
 * @throws InputError where the file ends before.
 */
export async function readNumbers(file: FileHandle, out: AnyNumbers, at: NumbersAt): Promise<void> {
  const { kind, littleEndian, position, path } = at;
  const size = itemBytes[kind];
  const elements = elementsOf(out);
  if (elements.constructor === own[kind]) {
    const bytes = Buffer.from(out.buffer, out.byteOffset, out.byteLength);
    await fill(file, bytes, position, path);
    if (littleEndian !== hostIsLittle) turnRound(bytes, size);
    return;
  }
  const bytes = Buffer.alloc(Math.min(PIECE, out.length) * size);
  for (let begin = 0; begin < out.length; begin += PIECE) {
    const length = Math.min(PIECE, out.length - begin);
    const piece = bytes.subarray(0, length * size);
    await fill(file, piece, position + begin * size, path);
    elements.set(numbersFromBytes(piece, kind, littleEndian, path), begin);
  }
}

/** Reads until the buffer is full: a read may give less than was asked for. */
async function fill(file: FileHandle, bytes: Buffer, position: number, path: string): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) {
      throw new InputError(
        `${path}: it ends at byte ${position + done}, and ${bytes.length - done} more are needed: it was cut since it was opened; write it again`,
      );
    }
    done += bytesRead;
  }
}

function turnRound(bytes: Buffer, size: number): void {
  if (size === 2) bytes.swap16();
  else if (size === 4) bytes.swap32();
  else if (size === 8) bytes.swap64();
}
