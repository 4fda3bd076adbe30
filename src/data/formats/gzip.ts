import { InputError } from '../../errors.ts';
import { assertBytes, joinBytes } from './bytes.ts';

/** Whether the bytes begin as a gzip stream with DEFLATE data (RFC 1952). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 3 && bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

/**
 * The most that a file of so many packed bytes may unpack to: 128 times as much, and 16 MiB for small ones. DEFLATE can
 * reach 1032 times; data that are worth learning from do not come near, decompression bombs do.
 */
export function unpackedLimit(packedBytes: number): number {
  return Math.max(2 ** 24, 128 * packedBytes);
}

/** The error of a file that passes its limit. */
export function tooLarge(what: string, limitBytes: number, packedBytes: number): InputError {
  return new InputError(
    `${what}: it unpacks to more than ${limitBytes} bytes, the limit for ${packedBytes} packed ones; unpack it by other means, or take a smaller one`,
  );
}

/** DEFLATE data with the header of gzip, of zlib, or none. */
export type Packing = 'gzip' | 'deflate' | 'deflate-raw';

/**
 * The bytes that `format` packs, at most `limitBytes` of them, through the Web-standard DecompressionStream.
 * Throws InputError when the stream is cut or damaged, or unpacks to more than the limit.
 */
export async function inflate(
  bytes: Uint8Array,
  format: Packing,
  limitBytes: number,
  what: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const out = await unpacked(bytes, format, limitBytes, what);
  if (out.length > limitBytes) throw tooLarge(what, limitBytes, bytes.length);
  return out;
}

/** The first of them, `most` or all that there are: what comes after is not unpacked. Throws InputError as `inflate` does. */
export async function inflateHead(
  bytes: Uint8Array,
  format: Packing,
  most: number,
  what: string,
): Promise<Uint8Array<ArrayBuffer>> {
  return (await unpacked(bytes, format, most, what)).subarray(0, most);
}

/** All bytes, or more than `enough` of them: unpacking ends there. */
async function unpacked(
  bytes: Uint8Array,
  format: Packing,
  enough: number,
  what: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new DecompressionStream(format);
  const writer = stream.writable.getWriter();
  // A failure surfaces at the reader; the writer's own rejections would otherwise count as unhandled.
  writer.write(bytes as Uint8Array<ArrayBuffer>).catch(() => {});
  writer.close().catch(() => {});
  const reader = stream.readable.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      chunks.push(value);
      if (length > enough) break;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`${what}: it cannot be unpacked (${reason}); it was cut or is damaged: fetch it again`);
  }
  if (length > enough) reader.cancel().catch(() => {});
  return joinBytes(chunks);
}

/**
 * The bytes in a gzip file, at most `limitBytes` and `unpackedLimit`. Throws InputError on a cut or damaged one, and past
 * either limit. Memory: at most twice the limit.
 */
export async function gunzip(bytes: Uint8Array, limitBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  assertBytes(bytes);
  if (!isGzip(bytes)) throw new InputError('gzip file: its first bytes are not 1f 8b 08: give a gzip file');
  return inflate(bytes, 'gzip', Math.min(limitBytes, unpackedLimit(bytes.length)), 'gzip file');
}
