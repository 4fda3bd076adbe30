// Bundles src into dist: one file an entry point, and what several of them share in chunks.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const { exports, bin, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const published = [...Object.values(exports).map((entry) => entry.default), ...Object.values(bin)]
  .filter((file) => file !== undefined)
  .map((file) => file.replace(/^(\.\/)?dist/, 'src').replace(/js$/, 'ts'));

// A chunk is kept or dropped as a whole with the packages it imports that do not say `sideEffects: false`. These are
// entry points only in order to be chunks of their own, so that whoever needs none of them gets neither ndarray-ops
// (reductions) nor Plot and linkedom (charts).
const apart = ['src/array/reductions.ts', 'src/figures/charts.ts'];

const common = {
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  logLevel: 'warning',
};

// Plot needs all of d3, linkedom its parsers: sixty packages of which figures use a part. That part is published in a file
// of its own, `#plot` of package.json, with its licences; all other packages are dependencies.
const plot = {
  name: 'plot',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\/plot\.ts$/ }, () => ({ path: '#plot', external: true, sideEffects: false })),
};

await build({
  ...common,
  entryPoints: [...published, ...apart],
  outbase: 'src',
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  splitting: true,
  external: ['node:*', ...Object.keys(dependencies)],
  plugins: [plot],
  sourcemap: true,
  loader: { '.txt': 'text' },
});

const { metafile } = await build({
  ...common,
  entryPoints: ['src/figures/plot.ts'],
  outfile: 'dist/plot/plot.js',
  mainFields: ['module', 'main'],
  minify: true,
  metafile: true,
});

const [{ inputs }] = Object.values(metafile.outputs);
const packages = Object.keys(inputs)
  .filter((path) => inputs[path].bytesInOutput > 0)
  .flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
const licenses = [...new Set([...packages, ...below('linkedom')])].sort().map(licenseOf); // linkedom's file is a bundle too
writeFileSync('dist/plot/LICENSES.txt', licenses.join('\n'));

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
