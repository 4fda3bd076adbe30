import plainText from '#simd/plain.txt';
import relaxedText from '#simd/relaxed.txt';
import type { Modules } from './instantiate.ts';

/** The modules, or null where the engine has no SIMD. */
export function compileModules(): Modules | null {
  const plain = bytes(plainText);
  const relaxed = bytes(relaxedText);
  if (!WebAssembly.validate(plain)) return null;
  return {
    plain: new WebAssembly.Module(plain),
    relaxed: WebAssembly.validate(relaxed) ? new WebAssembly.Module(relaxed) : null,
  };
}

/** The bytes of a text in hexadecimal. */
export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}
