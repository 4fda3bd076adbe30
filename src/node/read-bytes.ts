import { stat } from 'node:fs/promises';
import { isGzip } from '../data/formats/gzip.ts';
import { InputError, show } from '../errors.ts';
import { assertStays, openRegular, readRegular } from './open-file.ts';
import { unpackFile } from './unpack.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder: check the path',
  ENOTDIR: 'a part of the path is a file, not a folder: check the path',
  EACCES: 'it may not be read: check its permissions',
  EPERM: 'it may not be read: check its permissions',
  ERR_FS_FILE_TOO_LARGE: 'it has more than 2 GiB: split it',
};

/** An error of the file system as one line for the user; an InputError, which names its path, as it is. */
export function fileError(path: string, error: unknown): InputError {
  if (error instanceof InputError) return error;
  const { code = '', message = String(error) } = error as { code?: string; message?: string };
  return new InputError(`${path}: ${reasons[code] ?? message}`);
}

/** What stands at a path; undefined where nothing does. Throws InputError on a pipe, a device or a socket. */
export async function kindOfPath(path: string): Promise<'file' | 'folder' | undefined> {
  if (typeof path !== 'string') throw new InputError(`path is ${show(path)}: it must be a text`);
  try {
    const found = await stat(path);
    assertStays(path, found);
    return found.isFile() ? 'file' : 'folder';
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw fileError(path, error);
  }
}

/**
 * The bytes of a file. Throws InputError where it is missing, empty, unreadable or no file, and where it has more than
 * `limitBytes`, before it is read.
 */
export async function readBytes(path: string, limitBytes = Infinity): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof path !== 'string') throw new InputError(`path is ${show(path)}: it must be a text`);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await readRegular(path, limitBytes);
  } catch (error) {
    throw fileError(path, error);
  }
  if (bytes.length === 0) throw new InputError(`${path}: it is empty (0 bytes): fetch or write it again`);
  return bytes;
}

/**
 * The bytes in a gzip file, at most `mostBytes`; null where a path is no text or names no such file, for `readBytes` to read or refuse.
 * @throws InputError as `unpack` does, and where the file cannot be read.
 */
export async function readPacked(path: string, mostBytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (typeof path !== 'string') return null;
  const file = await openRegular(path).catch(() => null);
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    const head = new Uint8Array(3);
    await file.read(head, 0, head.length, 0);
    return isGzip(head) ? await naming(path, () => unpackFile(file, size, mostBytes)) : null;
  } catch (error) {
    throw fileError(path, error);
  } finally {
    await file.close();
  }
}

/** Puts the path in front of an InputError's message, so that the line says which file it is about. */
export async function naming<T>(path: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${path}: ${error.message}`);
    throw error;
  }
}
