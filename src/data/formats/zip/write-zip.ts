import { InputError, show } from '../../../errors.ts';
import { joinBytes } from '../bytes.ts';
import { crc32 } from '../crc32.ts';
import { assertMemberName } from './member-name.ts';

const DATE = 0x21; // 1980-01-01: the same members give the same bytes

/** What goes into a zip archive. */
export interface NewMember {
  /** A path within the archive, with `/` between folders. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A zip archive of stored members, in their order. Throws InputError where it would need 64-bit numbers: from 4 GiB on. */
export function zipFile(members: readonly NewMember[]): Uint8Array<ArrayBuffer> {
  return joinBytes([...zipPieces(members)]);
}

/** The bytes of such an archive one after another, so that members are not copied. */
export function* zipPieces(members: readonly NewMember[]): Generator<Uint8Array> {
  const total = members.reduce((sum, { name, bytes }) => sum + bytes.length + 76 + 6 * name.length, 22);
  if (total >= 2 ** 32 - 1 || members.length >= 2 ** 16 - 1) {
    throw new InputError(
      `zip archive: ${members.length} members of ${total} bytes are too many: at most 65534, below 4 GiB`,
    );
  }
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const { name, bytes } of members) {
    assertMemberName(name, `zip archive ${show(name)}`);
    const text = new TextEncoder().encode(name);
    // Version 2.0, flag 11 (names are UTF-8), stored, time, date, checksum, both sizes, length of the name, no extra field.
    const common = fields(
      [20, 2],
      [0x800, 2],
      [0, 2],
      [0, 2],
      [DATE, 2],
      [crc32(bytes), 4],
      [bytes.length, 4],
      [bytes.length, 4],
      [text.length, 2],
      [0, 2],
    );
    const local = joined(fields([0x04034b50, 4]), common, text);
    directory.push(
      joined(fields([0x02014b50, 4], [20, 2]), common, fields([0, 2], [0, 2], [0, 2], [0, 4], [at, 4]), text),
    );
    yield local;
    yield bytes;
    at += local.length + bytes.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  yield* directory;
  yield fields([0x06054b50, 4], [0, 2], [0, 2], [members.length, 2], [members.length, 2], [size, 4], [at, 4], [0, 2]);
}

/** Little-endian numbers of so many bytes. */
function fields(...parts: [value: number, bytes: 2 | 4][]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap(([value, bytes]) => Array.from({ length: bytes }, (_, i) => (value >>> (8 * i)) & 255)),
  );
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
