import type { FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { joinBytes } from '../data/formats/bytes.ts';
import { tooLarge, unpackedLimit } from '../data/formats/gzip.ts';
import { InputError } from '../errors.ts';

/** Bytes of a file that are in memory at a time. */
const PIECE = 2 ** 16;

/** What is packed: how long it is, and the next bytes from a place on, at least one. */
interface Packed {
  readonly length: number;
  read(from: number): Promise<Uint8Array>;
}

/**
 * The bytes in a gzip file, at most `mostBytes` and `unpackedLimit`, unpacked into one piece: the length that the file's last four bytes
 * announce (RFC 1952, ISIZE), up to 24 times the file, is set aside first, so that MNIST takes its 47 MB once; where that is
 * not enough, pieces are joined.
 * @throws InputError when the file is cut or damaged, or unpacks to more than the limits. Memory: at most twice them.
 */
export function unpack(bytes: Uint8Array, mostBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  return unpacked({ length: bytes.length, read: async (from) => bytes.subarray(from) }, mostBytes);
}

/** The same of an open file of so many bytes, which is never in memory as a whole. */
export function unpackFile(file: FileHandle, length: number, mostBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const piece = new Uint8Array(PIECE);
  const read = async (from: number) => piece.subarray(0, (await file.read(piece, 0, PIECE, from)).bytesRead);
  return unpacked({ length, read }, mostBytes);
}

async function unpacked(packed: Packed, mostBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const { length } = packed;
  const last = (await packed.read(Math.max(0, length - 4))).subarray(-4);
  const announced = last.reduceRight((sum, byte) => 256 * sum + byte, 0);
  const limitBytes = Math.min(mostBytes, unpackedLimit(length));
  const most = Math.min(limitBytes, 24 * length); // what is announced may be a lie; MNIST has 5 times
  const chunkSize = Math.max(1024, Math.min(announced, most) + 64); // a full chunk would ask for another
  try {
    return whole(await inflated(packed, chunkSize, limitBytes));
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { message } = error as Error;
    throw new InputError(`gzip file: it cannot be unpacked (${message}); it was cut or is damaged: fetch it again`);
  }
}

/** The pieces that come out: one after another in the same storage, as long as there is room in it. */
function inflated({ length, read }: Packed, chunkSize: number, limitBytes: number): Promise<Buffer[]> {
  const gunzip = createGunzip({ chunkSize });
  const pieces: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    gunzip.on('error', reject);
    gunzip.on('end', () => resolve(pieces));
    gunzip.on('data', (piece: Buffer) => {
      pieces.push(piece);
      size += piece.length;
      if (size > limitBytes) gunzip.destroy(tooLarge('gzip file', limitBytes, length));
    });
    // What is read next lies where this lay: it waits until this is unpacked.
    const write = (piece: Uint8Array) =>
      new Promise<void>((done, fail) => gunzip.write(piece, (error) => (error ? fail(error) : done())));
    const feed = async () => {
      for (let at = 0; at < length && !gunzip.destroyed; ) {
        const piece = await read(at);
        if (piece.length === 0) break; // it was cut meanwhile
        at += piece.length;
        await write(piece);
      }
      gunzip.end();
    };
    feed().catch(reject);
  });
}

/** Pieces as one, copied where they do not lie side by side. */
function whole(pieces: readonly Buffer[]): Uint8Array<ArrayBuffer> {
  const [first] = pieces;
  let end = first?.byteOffset;
  for (const piece of pieces) {
    if (piece.buffer !== first.buffer || piece.byteOffset !== end) return joinBytes(pieces);
    end += piece.length;
  }
  return first === undefined
    ? new Uint8Array()
    : new Uint8Array(first.buffer as ArrayBuffer, first.byteOffset, end - first.byteOffset);
}
