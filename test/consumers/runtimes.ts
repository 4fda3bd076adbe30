import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Expected } from './expected.ts';
import { run } from './shell.ts';
import { NotHere, type Table } from './table.ts';
import { type Tool, toolFile, versionOf } from './tools.ts';
import { commandLine, type Node, required, train } from './uses.ts';

/** What a Node of the matrix does. */
export async function nodeRows(
  table: Table,
  project: string,
  node: Node,
  bundles: readonly string[],
  expected: Expected,
): Promise<void> {
  for (const file of ['train.mjs', ...bundles]) {
    await table.row(`Node ${node.version}, ${file}`, () => expected.line(train(project, node, file)));
  }
  await table.row(`Node ${node.version}, worker`, () => expected.line(train(project, node, 'node-worker.mjs')));
  await table.row(`Node ${node.version}, require`, () => required(project, node));
  await table.row(`Node ${node.version}, command line`, () => commandLine(project, node));
}

const deno = `@deno/${process.platform}-${process.arch}${process.platform === 'linux' ? '-glibc' : ''}/deno`;
const denoRun = ['run', '--allow-all', '--no-remote', '--node-modules-dir=manual'];

/** What a script prints in Deno, with the packages of its folder. */
export function runInDeno(script: string, folder: string): string {
  return run(program('deno', deno), [...denoRun, script], folder).trim();
}

/** Bun and Deno: they run what Node does, and know the web's workers. */
export async function otherRows(table: Table, project: string, expected: Expected): Promise<void> {
  const bun = `@oven/bun-${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch.replace('arm64', 'aarch64')}/bin/bun`;
  for (const [name, tool, path, args] of [
    ['Bun', 'bun', bun, []],
    ['Deno', 'deno', deno, denoRun],
  ] as const) {
    for (const file of ['train.mjs', 'web-worker.mjs', 'node-worker.mjs']) {
      await table.row(`${name} ${versionOf(tool)}, ${file}`, () =>
        expected.line(run(program(tool, path), [...args, file], project).trim()),
      );
    }
  }
}

/** The program of a runtime's package for this platform: install scripts, which would link it, are not run. */
function program(tool: Tool, path: string): string {
  const windows = process.platform === 'win32' ? '.exe' : '';
  const file = `${toolFile(tool, path)}${windows}`;
  if (!existsSync(file)) throw new NotHere(`none for ${process.platform}-${process.arch} (${join(path, '..')})`);
  return file;
}
