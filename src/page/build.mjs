// Bundles the pages: the playground, index.html with a folder playground/ for scripts, style and the digits; the page of runs.
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');

/** Arrays are plain ones, as everywhere in pages. */
const plain = {
  name: 'plain',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/ndarray\.ts$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, dirname(path), 'ndarray-plain.ts'),
    })),
};

/** @returns esbuild's account of what is in the files. */
export async function buildPlayground(out) {
  rmSync(join(out, 'playground'), { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: { main: join(here, 'playground/main.ts'), worker: join(here, 'playground/worker.ts') },
    outdir: join(out, 'playground'),
    chunkNames: '[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    // Its entry point is one CommonJS file, of which nothing can be left out.
    alias: { 'ml-matrix': join(root, 'node_modules/ml-matrix/src/index.js') },
    loader: { '.txt': 'text' },
    plugins: [plain],
    metafile: true,
    logLevel: 'warning',
  });
  mkdirSync(join(out, 'playground'), { recursive: true });
  copyFileSync(join(here, 'playground/index.html'), join(out, 'index.html'));
  copyFileSync(join(root, 'data/digits8x8/digits.csv.gz'), join(out, 'playground/digits.csv.gz'));
  return metafile;
}

/** The page of runs that are watched: index.html, main.js, style.css. @returns esbuild's account of what is in the files. */
export async function buildRuns(out) {
  const { metafile } = await build({
    entryPoints: { main: join(here, 'runs/main.ts'), style: join(here, 'runs/style.css') },
    outdir: out,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    metafile: true,
    logLevel: 'warning',
  });
  copyFileSync(join(here, 'runs/index.html'), join(out, 'index.html'));
  return metafile;
}
