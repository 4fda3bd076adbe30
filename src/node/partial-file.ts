import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { openNew } from './open-file.ts';

// A file that several processes write at once, each its own bytes of it, beside its place until it is whole.

const { O_NOFOLLOW = 0, O_WRONLY } = constants;

/** Makes a file of so many bytes that begins with `head`. */
export async function beginPartial(partial: string, head: Uint8Array, size: number): Promise<void> {
  const file = await openNew(partial);
  try {
    await file.truncate(size);
    await writeAt(file, head, 0);
  } finally {
    await file.close();
  }
}

/** Writes pieces one after another from byte `position` of a file that is there, and waits until they are on the disk. */
export async function fillPartial(partial: string, position: number, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(partial, O_WRONLY | O_NOFOLLOW);
  try {
    for await (const piece of pieces) {
      await writeAt(file, piece, position);
      position += piece.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Gives the file its name. */
export async function endPartial(partial: string, path: string): Promise<void> {
  await rename(partial, path);
}

/** Removes the file, where it is. */
export async function dropPartial(partial: string): Promise<void> {
  await rm(partial, { force: true });
}

/** A write may take fewer bytes than it was given. */
async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
  }
}
