import { InputError } from '../../../errors.ts';
import type { ByteSource } from '../byte-source.ts';

const LIMIT_COMMENT = 0xffff;
const EMPTY = 0xffffffff; // "it stands in the 64-bit record"

/** Where the list of a zip archive's members lies. */
export interface Directory {
  readonly begin: number;
  readonly end: number;
  readonly members: number;
}

/** A 64-bit length of a file as a number; past 2⁵³ it is Infinity, which no file reaches. */
export function length64(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  return value <= Number.MAX_SAFE_INTEGER ? Number(value) : Infinity;
}

export const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** What the record at an archive's end says, with 64-bit numbers where it has them. [PKWARE APPNOTE 4.3.14 to 4.3.16] */
export async function readEndRecord(file: ByteSource, what: string): Promise<Directory> {
  const cut = () => new InputError(`${what}: it has no list of its members; it was cut or is damaged: fetch it again`);
  const tailBegin = Math.max(0, file.size - LIMIT_COMMENT - 22);
  const tail = viewOf(await file.read(tailBegin, file.size));
  let at = tail.byteLength - 22;
  // The comment after it ends with the file: a signature within a comment is none.
  while (
    at >= 0 &&
    !(tail.getUint32(at, true) === 0x06054b50 && tail.getUint16(at + 20, true) === tail.byteLength - at - 22)
  )
    at--;
  if (at < 0) throw cut();
  if (tail.getUint16(at + 4, true) !== tail.getUint16(at + 6, true)) {
    throw new InputError(`${what}: it is one part of several: join them into one file`);
  }
  let members = tail.getUint16(at + 10, true);
  let size = tail.getUint32(at + 12, true);
  let begin = tail.getUint32(at + 16, true);
  let before = tailBegin + at;
  if (members === 0xffff || size === EMPTY || begin === EMPTY) {
    if (before >= 20) {
      const locator = viewOf(await file.read(before - 20, before));
      if (locator.getUint32(0, true) === 0x07064b50) {
        const recordBegin = length64(locator, 8);
        if (recordBegin + 56 > before - 20) throw cut();
        const record = viewOf(await file.read(recordBegin, recordBegin + 56));
        if (record.getUint32(0, true) !== 0x06064b50) throw cut();
        members = length64(record, 32);
        size = length64(record, 40);
        begin = length64(record, 48);
        before = recordBegin;
      }
    }
  }
  if (begin + size > before || members * 46 > size) throw cut();
  return { begin, end: begin + size, members };
}
