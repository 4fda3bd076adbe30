// Bundles src into dist: one file an entry point, and what several of them share in chunks; the same for pages without a
// bundler, in dist/browser; and all of it in one file for such pages.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { build } from 'esbuild';
import { buildRuns } from './src/page/build.mjs';

const ONE_FILE = './dist/rhohat.browser.js';
const { version, exports, bin, dependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const published = [...Object.values(exports).map((entry) => entry.default), ...Object.values(bin)]
  .filter((file) => file !== undefined && file !== ONE_FILE && !file.startsWith('./dist/browser/'))
  .map((file) => file.replace(/^(\.\/)?dist/, 'src').replace(/js$/, 'ts'));

// A chunk is kept or dropped as a whole with the packages it imports that do not say `sideEffects: false`. These are
// entry points only in order to be files of their own: so that whoever needs no charts gets neither Plot nor linkedom, and
// because package.json's `#ndarray` and `#modules` choose among them.
const apart = [
  'src/array/ndarray.ts',
  'src/array/ndarray-plain.ts',
  'src/kernels/simd/modules.ts',
  'src/kernels/simd/modules-of-files.ts',
  'src/figures/charts.ts',
  'src/node/view/serve.ts', // what a thread runs
  'src/node/turbo/program.ts', // what processes of a proof run
  'src/node/mpi/watch-server.ts', // the process that watches those of a launcher
  'src/node/mpi/watch-worker.ts', // the thread by which they are watched
];

const common = {
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  logLevel: 'warning',
  loader: { '.txt': 'text' },
};

/** Imports whose path `filter` matches stay imports, of what `pathOf` makes of it. */
const outside = (name, filter, pathOf) => ({
  name,
  setup: ({ onResolve }) =>
    onResolve({ filter }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: pathOf(path), external: true, sideEffects: false },
    ),
});
// Plot needs all of d3, linkedom its parsers: sixty packages of which figures use a part. That part is published in a file
// of its own, `#plot` of package.json, with its licences; all other packages are dependencies. Which `#ndarray` and
// `#modules` there are follows from where the package runs.
const inside = outside('inside', /\/(plot|ndarray|modules|packages\/\w+)\.ts$/, (path) => `#${basename(path, '.ts')}`);
const served = outside('served', /\/serve\.ts$/, () => './serve.js');

const packed = {
  ...common,
  outbase: 'src',
  outdir: 'dist',
  external: ['node:*', '*.wasm?module', ...Object.keys({ ...dependencies, ...peerDependencies })],
  sourcemap: true,
};
await build({
  ...packed,
  entryPoints: [...published, ...apart],
  chunkNames: 'chunks/[name]-[hash]',
  splitting: true,
  plugins: [inside, served],
});
// What a worker runs is one file: several bundlers make scripts of workers that cannot load others.
await build({ ...packed, entryPoints: ['src/web/serve.ts'], sourcemap: false, plugins: [inside] });

for (const name of ['plain', 'relaxed']) {
  const text = readFileSync(`build/simd/${name}.txt`, 'utf8');
  writeFileSync(`dist/kernels/simd/${name}.wasm`, Buffer.from(text, 'hex'));
}

const { metafile } = await build({
  ...common,
  entryPoints: ['src/figures/plot.ts'],
  outfile: 'dist/plot/plot.js',
  mainFields: ['module', 'main'],
  minify: true,
  metafile: true,
});
publishLicenses(metafile, 'dist/plot');

// What reads Parquet and Arrow files, a file each: loaded where such a file is read.
const { metafile: readers } = await build({
  ...common,
  platform: 'browser', // of hyparquet the part without files
  entryPoints: ['parquet', 'arrow'].map((name) => `src/data/formats/packages/${name}.ts`),
  outdir: 'dist/packages',
  mainFields: ['module', 'main'],
  minify: true,
  metafile: true,
});
publishLicenses(readers, 'dist/packages');

// For pages without a bundler: with all packages, and plain arrays, as #ndarray is in browsers.
const plain = {
  name: 'plain',
  setup({ onResolve }) {
    onResolve({ filter: /\/ndarray\.ts$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, dirname(path), 'ndarray-plain.ts'),
    }));
    // Minified, the import of a package by its name would lose the comments that bundlers heed.
    onResolve({ filter: /\/load-package\.ts$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, dirname(path), 'load-package-absent.ts'),
    }));
  },
};
const pages = {
  index: 'src/index.ts',
  data: 'src/data/index.ts',
  dictionaries: 'src/dictionaries/index.ts',
  figures: 'src/figures/index.ts',
};
const inPages = {
  ...common,
  platform: 'browser',
  outdir: 'dist/browser',
  minify: true,
  define: { Buffer: 'globalThis.Buffer' }, // jpeg-js looks for Node's: Parcel would install another
};
const { metafile: paged } = await build({
  ...inPages,
  entryPoints: [
    ...Object.entries(pages).map(([name, path]) => ({ in: path, out: name === 'index' ? name : `${name}/index` })),
    { in: 'src/web/index.ts', out: 'worker/index' },
  ],
  chunkNames: 'chunks/[hash]',
  splitting: true,
  plugins: [plain, served],
  metafile: true,
});
await build({ ...inPages, entryPoints: [{ in: 'src/web/serve.ts', out: 'worker/serve' }], plugins: [plain] });
await build({ ...inPages, entryPoints: [{ in: 'src/web/script.ts', out: 'worker/script' }], plugins: [served] });
publishLicenses(paged, 'dist/browser');

// What `rhohat view` and `train --live` serve.
publishLicenses(await buildRuns('dist/page'), 'dist/page');

// One file that loads no other: it may lie anywhere, on a CDN too. What reads Parquet and Arrow would add half as much again, float64 in SIMD 30 kB.
const absent = {
  name: 'absent',
  setup({ onResolve }) {
    onResolve({ filter: /\/(arrow|parquet)-examples\.ts$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, dirname(path), '../packages/absent.ts'),
    }));
    onResolve({ filter: /\/simd\/double\.ts$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, dirname(path), 'double-absent.ts'),
    }));
  },
};
const { outdir: _, ...alone } = inPages;
const { metafile: whole } = await build({
  ...alone,
  entryPoints: ['src/browser.ts'],
  outfile: ONE_FILE,
  banner: { js: `/* rhohat ${version}, MIT; of the packages in it: rhohat.browser.LICENSES.txt */` },
  plugins: [plain, absent],
  metafile: true,
});
publishLicenses(whole, 'dist', 'rhohat.browser.LICENSES.txt');

// For resolution that reads no `exports` (Parcel, TypeScript's node10, webpack 4): a folder for each entry point.
for (const [name, entry] of Object.entries(exports)) {
  if (name === '.' || entry.default === undefined) continue;
  // Where no `exports` are read no `imports` are either: pages get what has none.
  const paged = ['./data', './dictionaries', './figures', './worker'].includes(name) && `${name.slice(2)}/index`;
  const files = { main: entry.default, types: entry.types, ...(paged && { browser: `dist/browser/${paged}.js` }) };
  const own = Object.entries(files).map(([key, path]) => [key, posix.relative(name, path)]);
  const manifest = { type: 'module', sideEffects: name === './worker/script', ...Object.fromEntries(own) };
  mkdirSync(name, { recursive: true });
  writeFileSync(join(name, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Puts the licences of all packages whose code is in a bundle beside it. */
function publishLicenses({ outputs }, folder, name = 'LICENSES.txt') {
  const packages = Object.values(outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  // linkedom's file is a bundle too.
  const all = packages.includes('linkedom') ? [...packages, ...below('linkedom')] : packages;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), [...new Set(all)].sort().map(licenseOf).join('\n'));
}

function manifestOf(name) {
  return JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'));
}

/** The packages that one depends on, and those that they do. */
function below(name) {
  return Object.keys(manifestOf(name).dependencies ?? {}).flatMap((needed) => [needed, ...below(needed)]);
}

/** Name, version and licence of a package whose code is in the bundle, as all of them ask for. */
function licenseOf(name) {
  const { version, license, author } = manifestOf(name);
  const folder = `node_modules/${name}`;
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const words = file === undefined ? `by ${author?.name ?? author}` : readFileSync(join(folder, file), 'utf8').trim();
  return `${'='.repeat(80)}\n${name} ${version} (${license})\n\n${words}\n`;
}
