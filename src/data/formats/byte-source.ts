import { assertBytes } from './bytes.ts';

/** The bytes of a file that need not be in memory: of a disk, or of the web by HTTP Range. */
export interface ByteSource {
  /** Of the file, in bytes. */
  readonly size: number;
  /** Bytes begin … end−1, 0 ≤ begin ≤ end ≤ size; they may share memory with the source, and are not written to. */
  read(begin: number, end: number): Promise<Uint8Array>;
}

/** What is read in parts: bytes as they are, which are not copied, or a source. */
export function byteSource(given: Uint8Array | ByteSource): ByteSource {
  if (!ArrayBuffer.isView(given) && typeof given?.read === 'function') {
    if (Number.isSafeInteger(given.size) && given.size >= 0) return given;
  }
  assertBytes(given);
  const bytes = given as Uint8Array;
  return { size: bytes.length, read: async (begin, end) => bytes.subarray(begin, end) };
}
