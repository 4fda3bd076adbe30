import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

/** Modules that large layers load, `train` when a run asks for them, several processes, a GPU, measures and model files when they are called. */
const LAZY = [
  ...[
    '*/same-start.ts',
    '*/same-parameters.ts',
    '*/select-largest.ts',
    '*/batch-survivors.ts',
    '*/latent-selection.ts',
  ],
  ...['*/compile.ts', '*/product-screening.ts'],
  ...['*/fit-all.ts', '*/fit-classifier.ts', '*/keeper.ts', '*/stack.ts', '*/stream.ts'],
  ...['*/checkpointing.ts', '*/block-feed.ts', '*/divergence.ts'],
  ...['*/model-reader.ts', '*/model-writer.ts'],
  ...['*/webgpu/webgpu.ts', '*/gpu-or-cpu.ts'],
  ...[
    '*/simd/double.ts',
    '*/metrics.ts',
    '*/inspection.ts',
    '*/recovery.ts',
    '*/top-examples.ts',
    '*/preprocessing/center.ts',
  ],
];

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

test('the engine with its WebAssembly, minified and compressed, is at most 68 KiB without its dependencies', () => {
  const [own, whole] = [size('external'), size('bundle')];
  assert.ok(own > 10_000 && own <= 68 * 1024, `${own} bytes`);
  assert.ok(whole > own && whole <= 116 * 1024, `${whole} bytes with dependencies`);
});

/** Bytes that a page gets for some exports of the built package and all that they need, minified. */
function published(names: string, entry = 'rhohat'): number {
  const { outputFiles } = buildSync({
    stdin: { contents: `export ${names} from '${entry}'`, resolveDir: '.' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'error', // what esbuild does with packages in node_modules
  });
  return outputFiles[0].contents.length;
}

test('the one file for pages is at most 810 kB, 212 KiB compressed: the kernels of a GPU are 113 kB and 30 KiB of it', () => {
  const file = readFileSync('dist/rhohat.browser.js');
  const sent = brotliCompressSync(file).length;
  assert.ok(file.length > 300_000 && file.length <= 810_000, `${file.length} bytes`);
  assert.ok(sent <= 212 * 1024, `${sent} bytes compressed`);
});

test('importing the package for its side effects brings nothing, and one function little of the rest', () => {
  assert.ok(published('{}') < 100);
  assert.ok(published('{ InputError }') < 1000);
  assert.ok(published('{ checkGradientOf }') < 12_000);
  assert.ok(published('{ measure }') < 80_000, 'without kernels');
  assert.ok(published('{ readNpy }', 'rhohat/data') < 7000);
  assert.ok(published('{ featureTiles }', 'rhohat/figures') < 15_000, 'without Plot and linkedom');
  assert.ok(published('{ trainingCurves }', 'rhohat/figures') > 300_000, 'with them');
  assert.ok(published('*') > 150_000);
});

test.run();
