import { setFlagsFromString } from 'node:v8';

/**
 * Asks V8 to fuse neighbouring 128-bit operations into 256-bit ones, an experiment of V8's that is off by default. To be
 * called before the first model is created. Whether it helps is measured, not assumed: the kernels' name then says
 * `simd-wide`. False where this V8 does not know the flag: results are then computed as without it.
 */
export function enableTurbo(): boolean {
  // V8 writes to stderr, and throws nothing, for a flag that it does not know: Node 20's knows none of this name.
  if (Number(process.versions.node.split('.')[0]) < 22) return false;
  setFlagsFromString('--experimental-wasm-revectorize');
  return true;
}
