import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, tool } from './shell.ts';
import { install } from './tarball.ts';

/** A Node to run on. */
export interface Node {
  readonly version: string;
  readonly path: string;
}

const projects = join(process.cwd(), 'test/consumers/projects');
/** Puts the consumers' files into a project where the package is installed. */
export function copyConsumers(project: string): void {
  cpSync(projects, project, { recursive: true });
}

/** What train.mjs, or a bundle of it, prints; the cost must be the same everywhere. */
export function train(project: string, node: Node, file = 'train.mjs'): string {
  return run(node.path, [file], project).trim();
}

/** `require` of the package; null on a Node that does not load ES modules so. */
export function required(project: string, node: Node): string | null {
  if (run(node.path, ['-p', 'process.features.require_module === true'], project).trim() !== 'true') return null;
  return run(node.path, ['require.cjs'], project).trim();
}

/** The command line as installed: trains, and reads its model again. */
export function commandLine(project: string, node: Node): string {
  const main = join(project, 'node_modules/rhohat/dist/cli/main.js');
  const out = `run-${node.version}`;
  run(node.path, [main, 'train', 'swiss-roll', '--preset', 'swiss-roll', '--iterations', '3', '--out', out], project);
  if (!run(node.path, [main, 'inspect', out], project).includes('hidden')) throw new Error('inspect shows no model');
  return readdirSync(join(project, out)).length > 4
    ? `${readdirSync(join(project, out)).length} files`
    : 'too few files';
}

/** Bundles train.mjs for browsers, minified. @returns the bundle's path from the project. */
export function bundleWithEsbuild(project: string): string {
  const args = [
    '--bundle',
    '--minify',
    '--format=esm',
    '--platform=browser',
    '--target=es2022',
    '--outfile=esbuild.mjs',
  ];
  run(join(process.cwd(), 'test/consumers/node_modules/esbuild/bin/esbuild'), ['train.mjs', ...args], project);
  return 'esbuild.mjs';
}

/** The same with Vite's build of a page's script. */
export function bundleWithVite(project: string): string {
  const entry = join(project, 'train.mjs');
  mkdirSync(join(project, 'vite'), { recursive: true });
  const config = {
    logLevel: 'error',
    build: {
      target: 'es2022',
      outDir: 'vite',
      rollupOptions: { input: entry, output: { entryFileNames: 'main.mjs' } },
    },
  };
  writeFileSync(join(project, 'vite.config.mjs'), `export default ${JSON.stringify(config)};\n`);
  tool('vite/bin/vite.js', ['build'], project);
  return 'vite/main.mjs';
}

export function kilobytes(project: string, file: string): string {
  return `${(statSync(join(project, file)).size / 1000).toFixed(0)} kB`;
}

/** A Node from npm by its version, or the newest of its major version that there was when it was installed; in build/nodes. */
export function nodeNamed(asked: string): Node {
  const folder = join(process.cwd(), 'build/nodes', asked);
  const name = `node-${process.platform}-${process.arch}`;
  const root = join(folder, 'node_modules', name);
  if (!existsSync(root)) install(folder, [`${name}@${asked}`]);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    version: version.replace(/^v/, ''),
    path: join(root, process.platform === 'win32' ? 'bin/node.exe' : 'bin/node'),
  };
}
