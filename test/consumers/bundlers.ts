import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerOf } from './browser.ts';
import type { Expected } from './expected.ts';
import { run, tool } from './shell.ts';
import { serveFolder } from './site.ts';
import type { Table } from './table.ts';
import { type Tool, toolFile, versionOf } from './tools.ts';

/** Bundles the page in a folder, main.mjs and worker.mjs, with no settings. @returns the folder that is served. */
type Bundle = (page: string) => string;

/** One of the tools that come with --all, on the present Node. */
function byTool(name: Tool, path: string, ...args: string[]): Bundle {
  return (page) => {
    run(process.execPath, [toolFile(name, path), ...args], page);
    return 'dist';
  };
}

const esbuildFile = join(process.cwd(), 'test/consumers/node_modules/esbuild/bin/esbuild');

/** A script with all that it imports, by esbuild. */
export function bundleAlone(script: string, outfile: string): void {
  run(esbuildFile, [script, '--bundle', '--format=esm', `--outfile=${outfile}`], process.cwd());
}

/** esbuild leaves workers alone: the worker's script is an entry of its own. */
export const esbuild: Bundle = (page) => {
  const args = ['main.mjs', 'worker.mjs', '--bundle', '--format=esm', '--outdir=dist', '--out-extension:.js=.mjs'];
  run(esbuildFile, args, page);
  cpSync(join(page, 'index.html'), join(page, 'dist/index.html'));
  return 'dist';
};

const vite: Bundle = (page) => {
  tool('vite/bin/vite.js', ['build', '--logLevel', 'warn'], page);
  return 'dist';
};

/** What webpack and Rspack make is a script, main.js, beside which they put no page. */
function asScript(bundle: Bundle): Bundle {
  return (page) => {
    const folder = bundle(page);
    writeFileSync(
      join(page, folder, 'index.html'),
      '<!doctype html><meta charset="utf-8"><title>working</title><body><script src="main.js"></script>',
    );
    return folder;
  };
}

/** Rollup itself finds no packages: with the two plugins that its documentation names for that. */
const rollup: Bundle = (page) => {
  const plugin = (name: string) => JSON.stringify(toolFile('rollup', `@rollup/plugin-${name}/dist/es/index.js`));
  writeFileSync(
    join(page, 'rollup.config.mjs'),
    `import commonjs from ${plugin('commonjs')};
import { nodeResolve } from ${plugin('node-resolve')};
export default {
  input: ['main.mjs', 'worker.mjs'],
  output: { dir: 'dist', entryFileNames: '[name].mjs' },
  plugins: [nodeResolve(), commonjs()],
};\n`,
  );
  byTool('rollup', 'rollup/dist/bin/rollup', '--config')(page);
  cpSync(join(page, 'index.html'), join(page, 'dist/index.html'));
  return 'dist';
};

const webpack = byTool('webpack', 'webpack-cli/bin/cli.js', 'build', './main.mjs', '--mode', 'production');

/** As webpack 4 finds packages: no `exports`, no `imports`, the folders and files that there are. */
const webpackOfOld: Bundle = (page) => {
  const resolve = { exportsFields: [], importsFields: [], fullySpecified: false };
  const config = `{ module: { rules: [{ test: /\\.m?js$/, resolve: ${JSON.stringify(resolve)} }] } }`;
  writeFileSync(join(page, 'webpack.config.mjs'), `export default ${config};\n`);
  return webpack(page);
};

/** What bundles the page, by name; of --all those whose tools come on top. */
export function bundlers(all: boolean): readonly (readonly [name: string, bundle: Bundle])[] {
  return [['esbuild, page and worker', esbuild], [`Vite ${ourVite()}, page and worker`, vite], ...(all ? heavy() : [])];
}

/** Rows of bundlers; of --all those whose tools come on top. */
export async function bundlerRows(table: Table, project: string, expected: Expected, all: boolean): Promise<void> {
  for (const [name, bundle] of bundlers(all)) {
    await table.row(name, async () => {
      const page = join(project, name.replaceAll(/\W+/g, '-'));
      cpSync(join(project, 'page'), page, { recursive: true });
      const folder = join(page, bundle(page));
      if (!existsSync(join(folder, 'index.html'))) throw new Error('the bundler made no page');
      const site = await serveFolder(folder);
      try {
        return expected.answer(await answerOf(site.url));
      } finally {
        site.close();
      }
    });
  }
}

/** The version that test/consumers installs for every run. */
export function ourVite(): string {
  return JSON.parse(readFileSync('test/consumers/node_modules/vite/package.json', 'utf8')).version;
}

function heavy(): (readonly [string, Bundle])[] {
  const named = (name: string, tool: Tool) => `${name} ${versionOf(tool)}, page and worker`;
  return [
    [named('Vite', 'vite6'), byTool('vite6', 'vite/bin/vite.js', 'build', '--logLevel', 'warn')],
    [named('Vite', 'vite7'), byTool('vite7', 'vite/bin/vite.js', 'build', '--logLevel', 'warn')],
    [named('webpack', 'webpack'), asScript(webpack)],
    ['webpack without exports, page and worker', asScript(webpackOfOld)],
    [
      named('Rspack', 'rspack'),
      asScript(byTool('rspack', '@rspack/cli/bin/rspack.js', 'build', '--entry', './main.mjs')),
    ],
    [named('Rollup', 'rollup'), rollup],
    [
      named('Parcel', 'parcel'),
      byTool('parcel', 'parcel/lib/bin.js', 'build', 'index.html', '--no-cache', '--dist-dir', 'dist'),
    ],
  ];
}
