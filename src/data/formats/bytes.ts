import { InputError, show } from '../../errors.ts';

/** For callers without types: a text, an ArrayBuffer, a promise. @throws InputError */
export function assertBytes(bytes: unknown): void {
  if (Object.prototype.toString.call(bytes) === '[object Uint8Array]') return; // of any window or worker
  throw new InputError(`bytes is ${show(bytes)}: it must be the Uint8Array of a file`);
}

/** Pieces one after another in one array. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
