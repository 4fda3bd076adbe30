import { type BuildOptions, build } from 'esbuild';
import { type Proof, prove } from '../../../src/node/turbo/prove.ts';

const built = new Map<string, Promise<unknown>>();

/** The path of a program of this folder, built. */
export async function programNamed(name: 'planted' | 'optimized'): Promise<string> {
  const outfile = `build/turbo-programs/${name}.js`;
  const options: BuildOptions = {
    entryPoints: [`test/node/turbo/programs/${name}.ts`],
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    loader: { '.txt': 'text' },
    outfile,
    logLevel: 'warning',
  };
  if (!built.has(name)) built.set(name, build(options));
  await built.get(name);
  return outfile;
}

/** What the proof says where something is planted in its processes. */
export async function proofOf(planted: string, limitMs = 60_000): Promise<Proof> {
  const program = await programNamed('planted');
  process.env.RHOHAT_PLANTED = planted;
  return prove({ program, limitMs });
}
