import { brotliCompressSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

/** Modules that `train` loads when a run asks for them. */
const LAZY = ['*/checkpointing.ts', '*/block-feed.ts'];

/** Bytes of what `import 'rhohat'` loads, minified and compressed as a server would send it. */
function size(packages: 'external' | 'bundle'): number {
  const { outputFiles } = buildSync({
    entryPoints: ['src/index.ts'],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    packages,
    external: LAZY,
    loader: { '.txt': 'text' },
    write: false,
  });
  return brotliCompressSync(outputFiles[0].contents).length;
}

test('the engine with its WebAssembly, minified and compressed, is at most 40 KB without its dependencies', () => {
  const [own, whole] = [size('external'), size('bundle')];
  assert.ok(own > 10_000 && own <= 40 * 1024, `${own} bytes`);
  assert.ok(whole > own && whole <= 100 * 1024, `${whole} bytes with dependencies`);
});

test.run();
