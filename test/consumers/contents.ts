import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tool } from './shell.ts';
import type { Tarball } from './tarball.ts';

const allowed =
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/types\/.+\.d\.ts|dist\/(?!types\/)[\w/-]+\.js(\.map)?)$/;
/** Code of others, bundled; what pages without a bundler load. */
const bundles =
  /^dist\/((plot|packages|browser|page)\/([\w/]+\.js|LICENSES\.txt)|rhohat\.browser\.(js|LICENSES\.txt))$/;
/** The page that `rhohat view` serves, beside its script. */
const page = /^dist\/page\/(index\.html|style\.css)$/;
/** What resolution without `exports` finds. */
const stubs = /^(browser|data|dictionaries|node|mpi|figures|worker|worker\/script)\/package\.json$/;
/** What runtimes compile themselves. */
const modules = /^dist\/kernels\/simd\/(plain|relaxed)\.wasm$/;
const others = [bundles, page, stubs, modules];
/** One file for a worker, without a map: it holds again what the others hold. */
const worker = 'dist/web/serve.js';

/** Built ESM with source maps, types, the command line, bundles, three texts, and nothing else. @throws naming what is wrong. */
export function assertContents({ files }: Tarball): string {
  const paths = files.map(({ path }) => path);
  const wrong = paths.filter((path) => !allowed.test(path) && !others.some((more) => more.test(path)));
  const needed = [
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'dist/index.js',
    'dist/types/index.d.ts',
    'dist/cli/main.js',
    'dist/plot/LICENSES.txt',
    'dist/packages/LICENSES.txt',
    'dist/page/index.html',
    'dist/page/main.js',
    'dist/page/style.css',
    'dist/page/LICENSES.txt',
    'dist/node/view/serve.js',
    'dist/browser/LICENSES.txt',
    'dist/browser/worker/script.js',
    'dist/rhohat.browser.js',
    'dist/rhohat.browser.LICENSES.txt',
    'worker/package.json',
    'data/package.json',
  ];
  const missing = needed.filter((path) => !paths.includes(path));
  const unmapped = paths.filter(
    (path) => path.endsWith('.js') && path !== worker && !bundles.test(path) && !paths.includes(`${path}.map`),
  );
  if (wrong.length + missing.length + unmapped.length > 0) {
    throw new Error(`not to be published: ${wrong}; missing: ${missing}; without a map: ${unmapped}`);
  }
  return `${paths.length} files`;
}

/** No package of an installed tree, ours included, runs anything at install. @throws naming those that do. */
export function assertNothingRuns(project: string): string {
  const root = join(project, 'node_modules');
  const manifests = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /(^|node_modules[\\/])(@[^\\/]+[\\/])?[^\\/@]+[\\/]package\.json$/.test(path),
  );
  const running = manifests.filter((path) => {
    const { scripts = {} } = JSON.parse(readFileSync(join(root, path), 'utf8'));
    return ['preinstall', 'install', 'postinstall'].some((name) => name in scripts);
  });
  if (running.length > 0) throw new Error(`these run scripts at install: ${running.join(', ')}`);
  return `${manifests.length} packages`;
}

/** @throws with publint's words where it has any. */
export function publint({ path }: Tarball): string {
  tool('publint/src/cli.js', ['run', path, '--strict'], process.cwd());
  return 'clean';
}

/** Are the types wrong? ESM alone: `require` of Node's newer versions, which load it, is tried, not read off. */
export function attw({ path }: Tarball): string {
  tool('@arethetypeswrong/cli/dist/index.js', [path, '--profile', 'esm-only', '--no-emoji'], process.cwd());
  return 'clean';
}
