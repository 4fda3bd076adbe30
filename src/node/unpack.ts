import { promisify } from 'node:util';
import { gunzip as gunzipOf } from 'node:zlib';
import { tooLarge, unpackedLimit } from '../data/formats/gzip.ts';
import { InputError } from '../errors.ts';

const inflate = promisify(gunzipOf);

/**
 * The bytes in a gzip file, at most `mostBytes` and `unpackedLimit`, unpacked into one piece: the length that the file's last four bytes
 * announce (RFC 1952, ISIZE), up to 24 times the file, is set aside first, so that MNIST takes its 47 MB once; where that is
 * not enough, pieces are joined.
 * @throws InputError when the file is cut or damaged, or unpacks to more than the limits. Memory: at most twice them.
 */
export async function unpack(bytes: Uint8Array, mostBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const announced = bytes.subarray(-4).reduceRight((sum, byte) => 256 * sum + byte, 0);
  const limitBytes = Math.min(mostBytes, unpackedLimit(bytes.length));
  const most = Math.min(limitBytes, 24 * bytes.length); // what is announced may be a lie; MNIST has 5 times
  const chunkSize = Math.max(1024, Math.min(announced, most) + 64); // a full chunk would ask for another
  try {
    const { buffer, byteOffset, length } = await inflate(bytes, { chunkSize, maxOutputLength: limitBytes });
    return new Uint8Array(buffer, byteOffset, length);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw tooLarge('gzip file', limitBytes, bytes.length);
    }
    throw new InputError(`gzip file: it cannot be unpacked (${message}); it was cut or is damaged: fetch it again`);
  }
}
