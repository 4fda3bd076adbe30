import plainText from '#simd/plain.txt';
import relaxedText from '#simd/relaxed.txt';
import { bytesOf } from './hexadecimal.ts';
import type { Modules } from './instantiate.ts';

/** The modules, or null where the engine has no SIMD. */
export function compileModules(): Modules | null {
  const plain = bytesOf(plainText);
  const relaxed = bytesOf(relaxedText);
  if (!WebAssembly.validate(plain)) return null;
  return {
    plain: new WebAssembly.Module(plain),
    relaxed: WebAssembly.validate(relaxed) ? new WebAssembly.Module(relaxed) : null,
  };
}
