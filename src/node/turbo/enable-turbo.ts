import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fuse } from './fuse.ts';
import { type Proving, prove } from './prove.ts';
import { PROVING } from './trial-process.ts';
import { keepVerdict, placeHere, readVerdict, verdictFile, verdictFolder } from './verdict-file.ts';

/** Whether V8 fuses 128-bit operations into 256-bit ones in this process. */
export interface Turbo {
  /** It does, in what it optimizes from now on. */
  readonly on: boolean;
  /** Why, or why not, for a person. */
  readonly why: string;
}

/** How turbo is proved. */
export interface TurboOptions {
  /** False: begin no proof, go by the last one's verdict alone. Default true. */
  readonly prove?: boolean | undefined;
  /** Where verdicts are kept. Default: turbo/ in rhohat's folder of the user's cache. */
  readonly cacheFolder?: string | undefined;
  /** What the proof's processes run, for programs that a bundler has made: dist/node/turbo/program.js of this package. */
  readonly program?: string | undefined;
}

/** What the proof's processes run, from any file of what is built, one folder down. */
const PROGRAM = '../node/turbo/program.js';
/** Many times what a proof takes. */
const LIMIT_MS = 30_000;

/** The first Node whose V8 fuses enough. */
const FIRST_NODE = 24;

/** Why there can be no turbo here, whatever a proof would say; null where there can. */
export function whyNever(
  versions: Readonly<Record<string, string | undefined>> = process.versions,
  arch: string = process.arch,
): string | null {
  const { node = '0', bun, deno } = versions;
  if (bun !== undefined || deno !== undefined)
    return `it needs Node ${FIRST_NODE} or newer, and this is another runtime`;
  if (Number(node.split('.')[0]) < FIRST_NODE) return `it needs Node ${FIRST_NODE} or newer, and this is ${node}`;
  return arch === 'x64' ? null : `V8 has it for x64 processors, and this is ${arch}`;
}

/** Where no proof was begun. */
export const NOT_PROVED = 'it is not proved here yet';

let here: Turbo = { on: false, why: 'nobody asked for it' };

/** What was last said of turbo in this process. */
export function turboHere(): Turbo {
  return here;
}

/** Leaves turbo off, and says why. */
export function withoutTurbo(why: string): Turbo {
  if (!here.on) here = { on: false, why };
  return here;
}

/**
 * Asks V8 to fuse neighbouring 128-bit operations into 256-bit ones, an experiment of V8's that is off by default, where a proof has
 * shown on this machine that every kernel gives the same bits with it, and that products are faster. To be called before the first
 * model is created: what V8 has optimized stays as it is. The proof takes some seconds, once: its verdict is kept in the user's cache, under
 * the versions of Node and rhohat and the processor's name. It runs in processes of its own, which may crash. The flag is the
 * process's: other WebAssembly gets it too. Never rejects: `why` says why it is off.
 */
export async function enableTurbo({
  prove: asked = true,
  cacheFolder,
  program = programHere(),
}: TurboOptions = {}): Promise<Turbo> {
  if (here.on) return here;
  const never = process.env[PROVING] === undefined ? whyNever() : 'this is a process of the proof';
  if (never !== null) return withoutTurbo(never);
  const verdict = await decide(asked ? { program, limitMs: LIMIT_MS } : null, cacheFolder ?? verdictFolder());
  if (verdict.on) fuse();
  here = verdict;
  return verdict;
}

/** The path of the proof's program; of one that is missing, where a bundler has made this a file that is not its neighbour. */
function programHere(): string {
  try {
    return fileURLToPath(new URL(PROGRAM, import.meta.url));
  } catch {
    return PROGRAM;
  }
}

/** The verdict that is kept, or that of a new proof; without `proving` there is none. */
export async function decide(proving: Proving | null, folder: string): Promise<Turbo> {
  const place = placeHere();
  const kept = readVerdict(folder, place);
  if (kept !== null) {
    return kept.proved
      ? { on: true, why: kept.why }
      : { on: false, why: `${kept.why} (${verdictFile(folder, place)} keeps that: remove it to prove anew)` };
  }
  if (proving === null) return { on: false, why: NOT_PROVED };
  if (!existsSync(proving.program))
    return { on: false, why: 'the program of its proof is missing: a bundler left it out' };
  const { proved, why, lasting } = await prove(proving);
  if (lasting) await keepVerdict(folder, place, { proved, why });
  return { on: proved, why };
}
