import { InputError, show } from '../../../errors.ts';
import { type ByteSource, byteSource } from '../byte-source.ts';
import { crc32 } from '../crc32.ts';
import { inflate, tooLarge, unpackedLimit } from '../gzip.ts';
import { length64, readEndRecord, viewOf } from './end-record.ts';
import { assertMemberName } from './member-name.ts';

const LIMIT_MEMBERS = 65_536;
const LIMIT_DIRECTORY = 2 ** 24; // bytes
const STORED = 0;
const DEFLATED = 8;

/** A file within a zip archive. */
export interface ZipMember {
  /** Its path within the archive, with `/` between folders. */
  readonly name: string;
  /** Unpacked, in bytes. */
  readonly size: number;
  /**
   * Its bytes: of a stored member a range of the archive, of a deflated one unpacked into memory. Bytes that are read one
   * after another to the end are compared with the archive's CRC-32. Throws InputError where they are damaged.
   */
  open(): Promise<ByteSource>;
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly header: number;
}

/** Whether the bytes begin as a zip archive, or as one of no members. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/**
 * The files within a zip archive, 64-bit ones too: stored or deflated, not encrypted. Folders are left out. Throws InputError
 * on archives that are cut, on overlapping members, on names that climb or stand twice, on more than 65,536 members, and on
 * lists of them above 16 MiB. Memory: 32 × the list of members; what `open` says.
 * [PKWARE, APPNOTE.TXT 6.3]
 */
export async function openZip(given: Uint8Array | ByteSource, what = 'zip archive'): Promise<ZipMember[]> {
  const file = byteSource(given);
  const directory = await readEndRecord(file, what);
  if (directory.members > LIMIT_MEMBERS || directory.end - directory.begin > LIMIT_DIRECTORY) {
    throw new InputError(
      `${what}: it has ${directory.members} members: at most ${LIMIT_MEMBERS} are read, in a list of 16 MiB`,
    );
  }
  const entries = readEntries(await file.read(directory.begin, directory.end), directory.members, what);
  const byOrder = [...entries].sort((a, b) => a.header - b.header);
  const ends = new Map<Entry, number>(); // where the next one begins
  for (let i = 0; i < byOrder.length; i++) {
    const next = i + 1 < byOrder.length ? byOrder[i + 1].header : directory.begin;
    if (byOrder[i].header + 30 + byOrder[i].packed > next) throw overlaps(byOrder[i].name, what);
    ends.set(byOrder[i], next);
  }
  return entries
    .filter(({ name }) => !name.endsWith('/'))
    .map((entry) => ({
      name: entry.name,
      size: entry.size,
      open: () => openMember(file, entry, ends.get(entry) ?? 0, `${what}, member ${show(entry.name)}`),
    }));
}

function overlaps(name: string, what: string): InputError {
  return new InputError(
    `${what}: member ${show(name)} reaches beyond its place; it was cut or is damaged: fetch it again`,
  );
}

/** The list of members. [APPNOTE 4.3.12] */
function readEntries(bytes: Uint8Array, members: number, what: string): Entry[] {
  const cut = () => new InputError(`${what}: its list of members is damaged: fetch it again`);
  const view = viewOf(bytes);
  const entries: Entry[] = [];
  const names = new Set<string>();
  let at = 0;
  for (let i = 0; i < members; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) throw cut();
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((o) => view.getUint16(at + o, true));
    const extraBegin = at + 46 + nameLength;
    const end = extraBegin + extraLength + commentLength;
    if (end > bytes.length) throw cut();
    const name = new TextDecoder().decode(bytes.subarray(at + 46, extraBegin));
    assertMemberName(name.endsWith('/') ? name.slice(0, -1) : name, what);
    if (names.has(name)) throw new InputError(`${what}: it has two members named ${show(name)}: write it again`);
    names.add(name);
    if (view.getUint16(at + 8, true) & 0x2041) {
      throw new InputError(`${what}: member ${show(name)} is encrypted: unpack it by other means`);
    }
    const wide = wideFields(view, extraBegin, extraBegin + extraLength);
    const field = (offset: number) => {
      const value = view.getUint32(at + offset, true);
      return value === 0xffffffff ? (wide.shift() ?? value) : value;
    };
    const size = field(24); // in the order of the 64-bit record: size, packed, header
    const packed = field(20);
    const header = field(42);
    entries.push({
      name,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed,
      size,
      header,
    });
    at = end;
  }
  return entries;
}

/** The numbers of the 64-bit extra field, in order; none where there is no such field. [APPNOTE 4.5.3] */
function wideFields(view: DataView, begin: number, end: number): number[] {
  for (let at = begin; at + 4 <= end; ) {
    const length = view.getUint16(at + 2, true);
    if (at + 4 + length > end) break;
    if (view.getUint16(at, true) === 1) {
      return Array.from({ length: Math.min(3, length >> 3) }, (_, i) => length64(view, at + 4 + 8 * i));
    }
    at += 4 + length;
  }
  return [];
}

async function openMember(file: ByteSource, entry: Entry, next: number, what: string): Promise<ByteSource> {
  const { header, packed, size, method, name } = entry;
  const local = viewOf(await file.read(header, header + 30));
  const begin = header + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  if (local.getUint32(0, true) !== 0x04034b50 || local.getUint16(8, true) !== method || begin + packed > next) {
    throw new InputError(
      `${what}: it does not lie where the list of members says; the archive is damaged: fetch it again`,
    );
  }
  const nameLength = local.getUint16(26, true);
  if (new TextDecoder().decode(await file.read(header + 30, header + 30 + nameLength)) !== name) {
    throw new InputError(`${what}: it has another name where it lies; the archive is damaged: fetch it again`);
  }
  if (method === STORED) {
    if (packed !== size)
      throw new InputError(`${what}: it takes ${packed} bytes and says ${size}; it is damaged: fetch it again`);
    return checked({ size, read: (from, to) => file.read(begin + from, begin + to) }, entry.crc, what);
  }
  if (method !== DEFLATED) {
    throw new InputError(
      `${what}: it is packed by method ${method}: allowed are stored (0) and deflated (8); pack it again`,
    );
  }
  const most = unpackedLimit(packed);
  if (size > most) throw tooLarge(what, most, packed);
  const bytes = await inflate(await file.read(begin, begin + packed), 'deflate-raw', size, what);
  if (bytes.length !== size || crc32(bytes) !== entry.crc) throw damaged(what);
  return byteSource(bytes);
}

function damaged(what: string): InputError {
  return new InputError(`${what}: its bytes are not those of its checksum; it is damaged: fetch it again`);
}

/** A source whose checksum is compared when reads that follow one another have reached its end. */
function checked(source: ByteSource, wanted: number, what: string): ByteSource {
  let reached = 0;
  let crc = 0;
  return {
    size: source.size,
    async read(begin, end) {
      const bytes = await source.read(begin, end);
      if (begin <= reached && end > reached) {
        crc = crc32(bytes.subarray(reached - begin), crc);
        reached = end;
        if (reached === source.size && crc !== wanted) throw damaged(what);
      }
      return bytes;
    },
  };
}
