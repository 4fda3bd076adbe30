import { InputError, show } from '../../errors.ts';

/** For callers without types: a text, an ArrayBuffer, a promise. @throws InputError */
export function assertBytes(bytes: unknown): void {
  if (Object.prototype.toString.call(bytes) === '[object Uint8Array]') return; // of any window or worker
  throw new InputError(`bytes is ${show(bytes)}: it must be the Uint8Array of a file`);
}
