import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { hexadecimal, sha256 } from '../data/stream/fingerprint.ts';
import type { SourcePart } from '../data/stream/source-parts.ts';
import { openRegular } from './open-file.ts';
import { fileError } from './read-bytes.ts';

/** Bytes that are hashed at a time: the engine's threads do it, so that training goes on. */
const PIECE = 2 ** 22;

/**
 * A file as a part of a source: its stamp is its size and the times of its last change, those of its entry in the folder
 * too, which no program sets. Its hash is chained over pieces of 4 MiB: h ← SHA-256(h, piece). @throws InputError
 */
export async function filePart(path: string): Promise<SourcePart> {
  const stamp = await withFile(path, stampOf);
  return {
    name: basename(path),
    stamp,
    hash: (signal) =>
      withFile(path, async (file) => {
        let hash = new Uint8Array(0);
        const piece = new Uint8Array(PIECE);
        for (let position = 0; ; ) {
          signal.throwIfAborted();
          const { bytesRead } = await file.read(piece, 0, PIECE, position);
          if (bytesRead === 0) break;
          const block = new Uint8Array(hash.length + bytesRead);
          block.set(hash);
          block.set(piece.subarray(0, bytesRead), hash.length);
          hash = await sha256(block);
          position += bytesRead;
        }
        return (await stampOf(file)) === stamp ? hexadecimal(hash) : null;
      }),
  };
}

async function stampOf(file: FileHandle): Promise<string> {
  const { size, mtimeNs, ctimeNs } = await file.stat({ bigint: true });
  return `${size} bytes, ${mtimeNs}, ${ctimeNs}`;
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  let file: FileHandle | undefined;
  try {
    file = await openRegular(path);
    return await use(file);
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw fileError(path, error);
  } finally {
    await file?.close();
  }
}
