// Bundles src into dist: one file an entry point, and what several of them share in chunks.
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';

const { exports, bin } = JSON.parse(readFileSync('package.json', 'utf8'));
const published = [...Object.values(exports).map((entry) => entry.default), ...Object.values(bin)]
  .filter((file) => file !== undefined)
  .map((file) => file.replace(/^(\.\/)?dist/, 'src').replace(/js$/, 'ts'));

// A chunk is kept or dropped as a whole with the packages it imports that do not say `sideEffects: false`. These are
// entry points only in order to be chunks of their own, so that whoever needs none of them gets neither ndarray-ops
// (reductions) nor Plot and linkedom (charts).
const apart = ['src/array/reductions.ts', 'src/figures/charts.ts'];

await build({
  entryPoints: [...published, ...apart],
  outbase: 'src',
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  packages: 'external',
  external: ['node:*'],
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  sourcemap: true,
  loader: { '.txt': 'text' },
  logLevel: 'warning',
});
