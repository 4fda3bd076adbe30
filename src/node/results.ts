import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import { assertPlain, type Contents, writeStaged, writeSynced } from './staged-files.ts';
import { reasonOf } from './write-reasons.ts';

/** What took training and cannot be drawn again. */
export const isModel = (name: string) => name.endsWith('.safetensors');

/** Results that could not be written where they belong, but in a place of need. */
export class ResultsElsewhere extends InputError {
  override readonly name = 'InputError';
  /** The folder that has them all; null where no place had room. */
  readonly folder: string | null;

  constructor(message: string, folder: string | null) {
    super(message);
    this.folder = folder;
  }
}

/** Files that had no room. */
export interface Missing {
  readonly files: Contents;
  /** The error of the file system. */
  readonly why: unknown;
}

/**
 * Writes results into a folder at once. Where there is no room for all, the models come first, then the summary, then
 * whatever else fits; `spare`, if any, makes room for the models, and says whether it could. `check` throws where nothing
 * may be written. Gives what is missing.
 * @throws InputError on names that are not plain; ResultsElsewhere where not even the models can be written: all are then in the system's temporary folder, or
 * the user's home.
 */
export async function writeResults(
  folder: string,
  files: Contents,
  { check, spare }: { check: () => Promise<void>; spare?: () => Promise<boolean> },
): Promise<Missing | null> {
  for (const name of files.keys()) assertPlain(name);
  const write = async (some: Contents) => {
    await check();
    await writeStaged(folder, some);
  };
  const all = await fault(write(files));
  if (all === null) return null;
  const models = new Map([...files].filter(([name]) => isModel(name)));
  if (models.size > 0) {
    let failed = await fault(write(models));
    if (failed !== null && (await spare?.())) failed = await fault(write(models));
    if (failed !== null) {
      const { folder: elsewhere, message } = await saidElsewhere(files);
      throw new ResultsElsewhere(
        `${folder}: the results cannot be written: ${reasonOf(failed)}; ${message}`,
        elsewhere,
      );
    }
  }
  const others = [...files].filter(([name]) => !isModel(name));
  others.sort(([a], [b]) => Number(b.endsWith('.json')) - Number(a.endsWith('.json')));
  const left = new Map<string, Uint8Array | string>();
  for (const [name, content] of others) {
    if ((await fault(write(new Map([[name, content]])))) !== null) left.set(name, content);
  }
  return left.size === 0 ? null : { files: left, why: all };
}

/** The error about what is missing beside what was written: it is put elsewhere. */
export async function missingElsewhere(folder: string, { files, why }: Missing): Promise<InputError> {
  const { message } = await saidElsewhere(files);
  return new InputError(`${folder}: ${[...files.keys()].join(', ')} cannot be written: ${reasonOf(why)}; ${message}`);
}

async function saidElsewhere(files: Contents): Promise<{ folder: string | null; message: string }> {
  const folder = await writeElsewhere(files);
  const message =
    folder === null ? 'no other place has room' : `what has no room there is in ${folder}: move it from there`;
  return { folder, message };
}

/** Writes files into a new folder of the system's temporary one, or of the user's home. Null where neither has room. */
export async function writeElsewhere(files: Contents): Promise<string | null> {
  for (const place of [tmpdir(), homedir()]) {
    const folder = await mkdtemp(join(place, 'rhohat-')).catch(() => null); // new, and nobody else's
    if (folder === null) continue;
    try {
      for (const [name, content] of files) await writeSynced(join(folder, name), content);
      return folder;
    } catch {
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
  }
  return null;
}

async function fault(work: Promise<void>): Promise<unknown> {
  try {
    await work;
    return null;
  } catch (error) {
    return error;
  }
}
