import { InputError } from '../../../errors.ts';

/** The class that unpacks a stream in pieces. */
type Decompress = new (handle: (piece: Uint8Array) => void) => { push(bytes: Uint8Array, final?: boolean): void };

/** Bytes that are handed over at once: a block of a frame is 128 KiB at most, whatever it claims. */
const PIECE = 4096;

/** Unpacks Zstandard of `length` bytes, block by block. @throws InputError where there are more. */
export function unzstd(Unpack: Decompress, bytes: Uint8Array, length: number, what: string): Uint8Array {
  const out = new Uint8Array(length);
  let at = 0;
  const stream = new Unpack((piece) => {
    if (at + piece.length > length) throw new InputError(`${what}: a page unpacks to more than it says: it is damaged`);
    out.set(piece, at);
    at += piece.length;
  });
  for (let begin = 0; begin < bytes.length; begin += PIECE) {
    stream.push(bytes.subarray(begin, begin + PIECE), begin + PIECE >= bytes.length);
  }
  return at === length ? out : out.subarray(0, at);
}
