import type { FileHandle } from 'node:fs/promises';
import type { ByteSource } from '../data/formats/byte-source.ts';
import { InputError } from '../errors.ts';
import { openRegular } from './open-file.ts';
import { fileError } from './read-bytes.ts';

/**
 * What `use` makes of a file that is read in parts, open as long as that takes. Throws InputError, naming the path, where it is missing,
 * empty, unreadable or no file, and where it becomes shorter while it is read.
 */
export async function withFileSource<T>(path: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  let file: FileHandle;
  try {
    file = await openRegular(path);
  } catch (error) {
    throw fileError(path, error);
  }
  try {
    const { size } = await file.stat();
    if (size === 0) throw new InputError(`${path}: it is empty (0 bytes): fetch or write it again`);
    return await use({ size, read: (begin, end) => readRange(path, file, begin, end) });
  } finally {
    await file.close();
  }
}

async function readRange(path: string, file: FileHandle, begin: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - begin);
  try {
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, at, bytes.length - at, begin + at);
      if (bytesRead === 0) throw new InputError('it became shorter while it was read: wait until it is whole');
      at += bytesRead;
    }
  } catch (error) {
    throw fileError(path, error);
  }
  return bytes;
}
