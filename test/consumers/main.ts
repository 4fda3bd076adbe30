// Packs the package, installs it into a new project, and uses it in every way that others would. See CONTRIBUTING.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { assertContents, assertNothingRuns, attw, publint } from './contents.ts';
import { install, pack } from './tarball.ts';
import {
  bundleWithEsbuild,
  bundleWithVite,
  commandLine,
  copyConsumers,
  kilobytes,
  type Node,
  nodeOf,
  required,
  train,
  typeCheck,
} from './uses.ts';

const { values } = parseArgs({ options: { nodes: { type: 'string' } } });
const scratch = mkdtempSync(join(tmpdir(), 'rhohat-consumers-'));
const project = join(scratch, 'project');
let failures = 0;

/** One row of the table: what `check` says, or what went wrong; null says that this Node has no such thing. */
function row(name: string, check: () => string | null): void {
  const begin = performance.now();
  let line: string;
  try {
    const said = check();
    line = `${said === null ? '–   ' : 'ok  '} ${name.padEnd(34)} ${said ?? 'not on this version'}`;
  } catch (error) {
    failures++;
    line = `FAIL ${name.padEnd(34)} ${error instanceof Error ? error.message : error}`;
  }
  console.log(`${line}  (${((performance.now() - begin) / 1000).toFixed(1)} s)`);
}

/** The running Node, or those that --nodes names by their major versions, kept in build/nodes. */
function nodes(): Node[] {
  if (values.nodes === undefined) return [{ version: process.versions.node, path: process.execPath }];
  return values.nodes.split(',').map((major) => {
    const folder = join(process.cwd(), 'build/nodes', major);
    if (!existsSync(join(folder, 'node_modules')))
      install(folder, [`node-${process.platform}-${process.arch}@${major}`]);
    return nodeOf(folder);
  });
}

try {
  const tarball = pack(scratch);
  console.log(`${tarball.path.split(/[\\/]/).at(-1)}: ${tarball.size} bytes, ${tarball.unpackedSize} unpacked`);
  row('contents', () => assertContents(tarball));
  row('publint', () => publint(tarball));
  row('attw', () => attw(tarball));
  install(project, [tarball.path, '@types/node@20']);
  copyConsumers(project);
  row('nothing runs at install', () => assertNothingRuns(project));
  for (const [compiler, resolution, where] of [
    ['ours', 'bundler', 'page'],
    ['ours', 'node16', 'page'],
    ['ours', 'node16', 'node'],
    ['theirs', 'bundler', 'page'],
    ['theirs', 'node16', 'node'],
  ] as const) {
    const version = compiler === 'ours' ? '7' : '5';
    row(`TypeScript ${version}, ${resolution}, ${where}`, () => typeCheck(project, compiler, resolution, where));
  }
  const bundles: string[] = [];
  for (const bundle of [bundleWithEsbuild, bundleWithVite]) {
    row(bundle === bundleWithVite ? 'bundled by Vite' : 'bundled by esbuild', () => {
      bundles.push(bundle(project));
      return kilobytes(project, bundles[bundles.length - 1]);
    });
  }
  let expected: string | undefined;
  for (const node of nodes()) {
    for (const file of ['train.mjs', ...bundles]) {
      row(`Node ${node.version}, ${file}`, () => {
        const said = train(project, node, file);
        expected ??= said;
        if (said !== expected) throw new Error(`printed ${said}, where the first one printed ${expected}`);
        return said;
      });
    }
    row(`Node ${node.version}, require`, () => required(project, node));
    row(`Node ${node.version}, command line`, () => commandLine(project, node));
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = failures > 0 ? 1 : 0;
