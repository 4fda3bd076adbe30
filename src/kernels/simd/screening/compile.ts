import plainText from '#simd/screen-plain.txt';
import relaxedText from '#simd/screen-relaxed.txt';
import type { Modules } from '../instantiate.ts';
import { bytes } from '../modules.ts';

/** The modules of screened products. */
export function compileScreening(): NonNullable<Modules['screening']> {
  const relaxed = bytes(relaxedText);
  return {
    plain: new WebAssembly.Module(bytes(plainText)),
    relaxed: WebAssembly.validate(relaxed) ? new WebAssembly.Module(relaxed) : null,
  };
}
