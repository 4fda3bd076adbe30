import plainBytes from '#simd/plain.wasm';
import relaxedBytes from '#simd/relaxed.wasm';
import type { Modules } from './instantiate.ts';

/** The modules, or null where the engine has no SIMD. */
export function compileModules(): Modules | null {
  const plain = copy(plainBytes);
  const relaxed = copy(relaxedBytes);
  if (!WebAssembly.validate(plain)) return null;
  return {
    plain: new WebAssembly.Module(plain),
    relaxed: WebAssembly.validate(relaxed) ? new WebAssembly.Module(relaxed) : null,
  };
}

/** The bundled bytes may be a view of a larger buffer; WebAssembly's types want one that is their own. */
function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
