import { setFlagsFromString } from 'node:v8';

/** Asks V8 to fuse neighbouring 128-bit operations into 256-bit ones, in code that it optimizes from now on. */
export function fuse(): void {
  setFlagsFromString('--experimental-wasm-revectorize');
}
