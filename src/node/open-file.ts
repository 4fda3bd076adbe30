import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { InputError } from '../errors.ts';

// Windows has neither, nor the pipes and links that they are about: 0 there.
const { O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY, O_WRONLY } = constants;

/** Bytes that Node reads no file of at once. */
const MOST_AT_ONCE = 2 ** 31 - 1;

/**
 * A new file, in place of any that was there. A link of that name goes; what it leads to is left alone, and so are the
 * other names of a file with several. @throws the file system's errors; that of a folder of that name too.
 */
export async function openNew(path: string): Promise<FileHandle> {
  await rm(path, { force: true });
  return open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
}

/**
 * A regular file, to be read: never a pipe or a device, on which reading may wait or go on for ever.
 * @throws InputError, naming the path, where something else stands there; the file system's errors as they are.
 */
export async function openRegular(path: string): Promise<FileHandle> {
  assertRegular(path, await stat(path)); // opening a device may act on it
  const file = await open(path, O_RDONLY | O_NONBLOCK);
  try {
    assertRegular(path, await file.stat()); // it may be another since
  } catch (error) {
    await file.close();
    throw error;
  }
  return file;
}

/** The bytes of a regular file, as many as it has when it is opened. @throws as `openRegular`, and above `limitBytes`. */
export async function readRegular(path: string, limitBytes = Infinity): Promise<Uint8Array<ArrayBuffer>> {
  const file = await openRegular(path);
  try {
    const { size } = await file.stat();
    if (size > limitBytes) {
      throw new InputError(`${path}: it has ${size} bytes: at most ${limitBytes} are allowed for such a file`);
    }
    // Files of /proc say 0 and may never end.
    if (size === 0) return new Uint8Array();
    if (size >= MOST_AT_ONCE) return await inPieces(file, size);
    const { buffer, byteOffset, length } = await file.readFile();
    return new Uint8Array(buffer, byteOffset, length);
  } finally {
    await file.close();
  }
}

async function inPieces(file: FileHandle, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; ) {
    const { bytesRead } = await file.read(bytes, at, Math.min(2 ** 30, size - at), at);
    if (bytesRead === 0) return bytes.subarray(0, at); // it became shorter
    at += bytesRead;
  }
  return bytes;
}

/** @throws InputError on a pipe, a socket or a device. */
export function assertStays(path: string, found: Stats): void {
  if (found.isFile() || found.isDirectory()) return;
  if (found.isFIFO()) {
    throw new InputError(
      `${path}: it is a pipe, neither a file nor a folder: write what comes through it to a file, and name that`,
    );
  }
  throw new InputError(`${path}: it is a device or a socket, neither a file nor a folder: give one of them`);
}

function assertRegular(path: string, found: Stats): void {
  assertStays(path, found);
  if (found.isDirectory()) throw new InputError(`${path}: it is a folder, a file is needed: check the path`);
}
