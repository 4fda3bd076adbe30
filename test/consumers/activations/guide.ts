import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { type Block, blocksOf } from '../../support/pages.ts';
import { run } from '../shell.ts';

const path = 'docs/guides/activations-from-a-model.md';

/** The blocks of the guide whose mark is `info` and that hold `text`. @throws unless it is one. */
export function guideBlock(info: string, text: string): Block {
  const blocks = blocksOf({ path, text: readFileSync(path, 'utf8') });
  const found = blocks.filter((block) => block.info === info && block.lines.join('\n').includes(text));
  if (found.length !== 1) throw new Error(`${path} has ${found.length} blocks \`${info}\` with ${text}`);
  return found[0];
}

/** A folder in `project` where the guide is followed; `modules` are those that it has, by name. */
export function guideFolder(project: string, name: string, modules: Readonly<Record<string, string>>): string {
  const folder = join(project, name);
  mkdirSync(folder, { recursive: true });
  const toFolder = guideBlock('ts run', 'await writeShards(').lines.join('\n');
  for (const [file, text] of Object.entries({ ...modules, 'to-folder.mjs': toFolder })) {
    writeFileSync(join(folder, file), transformSync(text, { loader: 'ts', target: 'es2022' }).code);
  }
  return folder;
}

/** Runs the guide's commands. @returns what each printed, and the last once more, as JSON, with all units. */
export function runCommands(folder: string): { printed: string; latents: Latent[] } {
  const main = '../node_modules/rhohat/dist/cli/main.js';
  let printed = '';
  let last: string[] = [];
  for (const line of guideBlock('sh', 'rhohat train').lines) {
    const [program, ...args] = line.split(' ');
    if (program !== 'rhohat') throw new Error(`${path}: not a command of rhohat: ${line}`);
    printed += run(process.execPath, [main, ...args], folder);
    last = args;
  }
  const units = Array.from({ length: 64 }, (_, j) => j).join(',');
  const all = last.map((arg, i) => (last[i - 1] === '--latents' ? units : arg));
  return { printed, latents: JSON.parse(run(process.execPath, [main, ...all, '--json'], folder)).measured.latents };
}

/** What `inspect` says of a unit. */
export interface Latent {
  readonly unit: number;
  readonly examples: readonly {
    readonly example: number;
    readonly activation: number;
    readonly context: { readonly text: string; readonly position: number; readonly length: number; document: number };
  }[];
}
