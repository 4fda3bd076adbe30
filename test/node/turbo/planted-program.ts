import { build } from 'esbuild';
import type { Proof } from '../../../src/node/turbo/prove.ts';
import { prove } from '../../../src/node/turbo/prove.ts';

const FILE = 'build/turbo-programs/planted.js';
let built: Promise<unknown> | null = null;

/** The path of the program in which something is planted. */
export async function plantedProgram(): Promise<string> {
  built ??= build({
    entryPoints: ['test/node/turbo/programs/planted.ts'],
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    loader: { '.txt': 'text' },
    outfile: FILE,
    logLevel: 'warning',
  });
  await built;
  return FILE;
}

/** What the proof says where something is planted in its processes. */
export async function proofOf(planted: string, limitMs = 60_000): Promise<Proof> {
  const program = await plantedProgram();
  process.env.RHOHAT_PLANTED = planted;
  return prove({ program, limitMs });
}
