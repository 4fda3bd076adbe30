import type { Modules } from './instantiate.ts';
import plain from './plain.wasm?module';
import relaxed from './relaxed.wasm?module';

/**
 * The modules where WebAssembly from bytes is refused, as files that the runtime has compiled: package.json's `#modules`
 * puts this in the place of `modules.ts` in workerd and on edge runtimes, whose bundlers know `?module`. All of them have SIMD,
 * relaxed too (V8 since 11.4). [github.com/cloudflare/workerd/issues/3345; nextjs.org/docs, Edge Runtime]
 */
export function compileModules(): Modules {
  return { plain, relaxed };
}
