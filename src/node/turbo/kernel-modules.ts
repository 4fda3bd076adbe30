import { createHash } from 'node:crypto';
import plainText from '#simd/plain.txt';
import relaxedText from '#simd/relaxed.txt';
import screenPlainText from '#simd/screen-plain.txt';
import screenRelaxedText from '#simd/screen-relaxed.txt';
import type { Modules } from '../../kernels/simd/instantiate.ts';

const TEXTS = [plainText, relaxedText, screenPlainText, screenRelaxedText];

/** Of the WebAssembly that a verdict is about. */
export function kernelsDigest(): string {
  const hash = createHash('sha256');
  for (const text of TEXTS) hash.update(text);
  return hash.digest('hex').slice(0, 16);
}

/**
 * The modules, those of screened products too, compiled apart from others of the same bytes, whose code V8 would share: a custom
 * section, which means nothing, tells them apart.
 * @throws Error where the engine has no relaxed SIMD.
 */
export function modulesApart(name: number): Modules {
  const [plain, relaxed, screenPlain, screenRelaxed] = TEXTS.map((text) => {
    const bytes = Uint8Array.from([...Buffer.from(text, 'hex'), 0, 2, 1, name]);
    if (!WebAssembly.validate(bytes)) throw new Error('this engine has no relaxed SIMD');
    return new WebAssembly.Module(bytes);
  });
  return { plain, relaxed, screening: { plain: screenPlain, relaxed: screenRelaxed } };
}
