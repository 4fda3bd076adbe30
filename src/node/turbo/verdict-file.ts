import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import envPaths from 'env-paths';
import * as v from 'valibot';
import { VERSION } from '../../version.ts';
import { kernelsDigest } from './kernel-modules.ts';

/** What a verdict holds for: another Node, rhohat or processor needs its own. */
export interface Place {
  readonly node: string;
  readonly rhohat: string;
  /** Of the kernels' WebAssembly. */
  readonly kernels: string;
  readonly processor: string;
}

/** What the last proof said. */
export interface Verdict {
  readonly proved: boolean;
  readonly why: string;
}

/** Where this process runs. */
export function placeHere(): Place {
  return {
    node: process.versions.node,
    rhohat: VERSION,
    kernels: kernelsDigest(),
    processor: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${process.arch}, ${process.platform}`,
  };
}

/** The folder of verdicts in the user's cache. */
export function verdictFolder(): string {
  return join(envPaths('rhohat', { suffix: '' }).cache, 'turbo');
}

const text = v.string();
const schema = v.strictObject({
  place: v.strictObject({ node: text, rhohat: text, kernels: text, processor: text }),
  proved: v.boolean(),
  why: v.pipe(text, v.maxLength(1000)),
});
const MOST_BYTES = 1 << 16;

/** The file of a place's verdict. */
export function verdictFile(folder: string, place: Place): string {
  const { node, rhohat } = place;
  const digest = createHash('sha256')
    .update(JSON.stringify(Object.values(place)))
    .digest('hex')
    .slice(0, 16);
  return join(folder, `node-${node}-rhohat-${rhohat}-${digest}.json`);
}

/** The verdict that is kept; null where there is none, or the file is damaged, or of another place. At once: every command waits for it. */
export function readVerdict(folder: string, place: Place): Verdict | null {
  try {
    const path = verdictFile(folder, place);
    const found = statSync(path);
    if (!found.isFile() || found.size > MOST_BYTES) return null;
    const kept = v.parse(schema, JSON.parse(readFileSync(path, 'utf8')));
    const same = (Object.keys(place) as (keyof Place)[]).every((key) => kept.place[key] === place[key]);
    return same ? { proved: kept.proved, why: kept.why } : null;
  } catch {
    return null;
  }
}

/** Keeps a verdict, whole or not at all, however many processes do. Where it cannot be written, the next one proves anew. */
export async function keepVerdict(folder: string, place: Place, { proved, why }: Verdict): Promise<void> {
  const path = verdictFile(folder, place);
  const temporary = `${path}.${randomUUID()}.part`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(temporary, `${JSON.stringify({ place, proved, why }, null, 1)}\n`, { flag: 'wx' });
    await rename(temporary, path);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
