import { brotliCompressSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

/** Loaded for runs with checkpoints alone. */
const LATER = '*/checkpointing.ts';

/** Bytes of `rhohat`, minified and compressed as a server would send it, without what is loaded later. */
function size(packages: 'external' | 'bundle'): number {
  const { outputFiles } = buildSync({
    entryPoints: ['src/index.ts'],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    packages,
    external: [LATER],
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
