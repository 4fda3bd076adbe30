import { InputError } from '../../errors.ts';
import { crc32 } from './crc32.ts';
import type { PngHeader } from './png-header.ts';

const signature = [137, 80, 78, 71, 13, 10, 26, 10];
// The chunks that make the pixels, and the bytes that each may have at most; the others (animation, profiles, text) are
// left out before decoding. A palette has at most 256 colours.
const kept: ReadonlyMap<string, number> = new Map([
  ['IHDR', 13],
  ['PLTE', 768],
  ['tRNS', 256],
  ['IDAT', 2 ** 31 - 1],
  ['IEND', 0],
]);

/** Whether the bytes begin as a PNG file. */
export function isPng(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && signature.every((byte, i) => bytes[i] === byte);
}

/** A chunk with its length in front and room for the checksum behind, which nothing reads any more. */
function* chunk(type: string, data: Uint8Array): Generator<Uint8Array> {
  const head = Uint8Array.from([0, 0, 0, 0, ...type].map((c) => (typeof c === 'string' ? c.charCodeAt(0) : c)));
  new DataView(head.buffer).setUint32(0, data.length);
  yield* [head, data, new Uint8Array(4)];
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Calls `use` with every kept chunk, its checksum checked. Throws InputError where one is cut, damaged or too long. */
function eachChunk(bytes: Uint8Array, use: (type: string, data: Uint8Array) => void): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let type = '';
  for (let at = 8; type !== 'IEND'; ) {
    const length = at + 12 <= bytes.length ? view.getUint32(at) : bytes.length;
    const end = at + 8 + length;
    if (end + 4 > bytes.length) {
      throw new InputError(
        `PNG image: it ends within a chunk, after ${bytes.length} bytes: it was cut; fetch it again`,
      );
    }
    type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if ((at === 8) !== (type === 'IHDR') || (type === 'IHDR' && length !== 13)) {
      throw new InputError('PNG image: it must begin with one IHDR chunk of 13 bytes: it is damaged');
    }
    const limit = kept.get(type);
    if (limit !== undefined) {
      if (length > limit) {
        throw new InputError(`PNG image: its ${type} chunk has ${length} bytes: at most ${limit} are allowed`);
      }
      if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) {
        throw new InputError(`PNG image: the CRC of its ${type} chunk is wrong: it is damaged; fetch it again`);
      }
      use(type, bytes.subarray(at + 8, end));
    }
    at = end + 4;
  }
}

/**
 * The header, the joined contents of the IDAT chunks, and a PNG of the kept chunks alone with one IDAT: however many
 * there are, and whatever stands between them, the decoder sees one.
 */
export function walkChunks(bytes: Uint8Array): { header: PngHeader; core: Uint8Array; packed: Uint8Array } {
  const single = new Map<string, Uint8Array>();
  let packedBytes = 0;
  eachChunk(bytes, (type, data) => {
    if (type === 'IDAT') packedBytes += data.length;
    else if (single.has(type)) throw new InputError(`PNG image: it has two ${type} chunks: it is damaged`);
    else single.set(type, data);
  });
  const packed = new Uint8Array(packedBytes);
  let at = 0;
  eachChunk(bytes, (type, data) => {
    if (type !== 'IDAT') return;
    packed.set(data, at);
    at += data.length;
  });
  const ihdr = single.get('IHDR') ?? new Uint8Array(13); // it is there: eachChunk saw to it
  const view = new DataView(ihdr.buffer, ihdr.byteOffset, ihdr.byteLength);
  const header = {
    width: view.getUint32(0),
    height: view.getUint32(4),
    depth: ihdr[8],
    colourType: ihdr[9],
    interlaced: ihdr[12] !== 0,
  };
  const parts = [...single].filter(([type]) => type !== 'IEND').flatMap(([type, data]) => [...chunk(type, data)]);
  const core = join([bytes.subarray(0, 8), ...parts, ...chunk('IDAT', packed), ...chunk('IEND', new Uint8Array(0))]);
  return { header, core, packed };
}
