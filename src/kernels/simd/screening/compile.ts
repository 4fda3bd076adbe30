import plainText from '#simd/screen-plain.txt';
import relaxedText from '#simd/screen-relaxed.txt';
import { bytesOf } from '../hexadecimal.ts';
import type { Modules } from '../instantiate.ts';

/** The modules of screened products. */
export function compileScreening(): NonNullable<Modules['screening']> {
  const relaxed = bytesOf(relaxedText);
  return {
    plain: new WebAssembly.Module(bytesOf(plainText)),
    relaxed: WebAssembly.validate(relaxed) ? new WebAssembly.Module(relaxed) : null,
  };
}
