import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, tool } from './shell.ts';

/** A Node to run on. */
export interface Node {
  readonly version: string;
  readonly path: string;
}

const projects = join(process.cwd(), 'test/consumers/projects');
const options = ['--strict', '--target', 'es2022', '--noEmit', '--pretty', 'false'];
/** What a consumer's types know of: a page, or Node without the DOM. */
const surroundings = {
  page: ['--lib', 'es2022,dom,esnext.disposable', '--typeRoots', 'none', 'use.ts', 'page.ts'],
  node: ['--lib', 'es2022,esnext.disposable', '--types', 'node', '--typeRoots', 'node_modules/@types', 'use.ts'],
} as const;
const modules = { bundler: 'esnext', node16: 'node16' } as const;

/** Puts the consumers' files into a project where the package is installed. */
export function copyConsumers(project: string): void {
  for (const name of readdirSync(projects)) copyFileSync(join(projects, name), join(project, name));
}

/** Types of the package and of its dependencies are checked alike: no --skipLibCheck. */
export function typeCheck(
  project: string,
  compiler: 'ours' | 'theirs',
  resolution: keyof typeof modules,
  where: keyof typeof surroundings,
): string {
  const args = [...options, '--module', modules[resolution], '--moduleResolution', resolution, ...surroundings[where]];
  if (compiler === 'theirs') tool('typescript/bin/tsc', args, project);
  else run(process.execPath, [join(process.cwd(), 'node_modules/typescript/bin/tsc'), ...args], project);
  return 'clean';
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

/** The file where a package.json of a Node from npm keeps its program. */
export function nodeOf(folder: string): Node {
  const name = `node-${process.platform}-${process.arch}`;
  const root = join(folder, 'node_modules', name);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return { version, path: join(root, 'bin/node') };
}
