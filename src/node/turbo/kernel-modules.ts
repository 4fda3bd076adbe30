import { createHash } from 'node:crypto';
import plainText from '#simd/plain.txt';
import relaxedText from '#simd/relaxed.txt';
import type { Modules } from '../../kernels/simd/instantiate.ts';

/** Of the WebAssembly that a verdict is about. */
export function kernelsDigest(): string {
  return createHash('sha256').update(plainText).update(relaxedText).digest('hex').slice(0, 16);
}

/**
 * The modules, compiled apart from others of the same bytes, whose code V8 would share: a custom section, which means nothing,
 * tells them apart.
 * @throws Error where the engine has no relaxed SIMD.
 */
export function modulesApart(name: number): Modules {
  const [plain, relaxed] = [plainText, relaxedText].map((text) =>
    Uint8Array.from([...Buffer.from(text, 'hex'), 0, 2, 1, name]),
  );
  if (!WebAssembly.validate(relaxed)) throw new Error('this engine has no relaxed SIMD');
  return { plain: new WebAssembly.Module(plain), relaxed: new WebAssembly.Module(relaxed) };
}
