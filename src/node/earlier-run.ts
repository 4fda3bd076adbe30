import { lstat, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isCheckpointFile } from './checkpoint-file.ts';

/** Says that a run is not finished, and how it was begun: there from the beginning, the first thing to go at the end. */
export const RUN_FILE = 'run.json';

/** The folder of a run that was laid aside. */
export const EARLIER = '.rhohat.earlier';
/** What a run writes of itself while it trains. */
export const METRICS_FILE = 'metrics.jsonl';
export const SNAPSHOT_FILE = 'snapshot.json';
export const RECORDS = [METRICS_FILE, SNAPSHOT_FILE];

/** What of a folder is of a run under way: run.json first, as where it is missing, `restore` may be needed. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder);
  return [RUN_FILE, ...entries.filter(isCheckpointFile), ...RECORDS].filter((name) => entries.includes(name));
}

/**
 * Lays the unfinished run of a folder aside, and what a finished one wrote of itself, until a new one has something to show.
 * @throws the file system's errors.
 */
export async function layAside(folder: string): Promise<void> {
  const earlier = join(folder, EARLIER);
  const files = await filesOf(folder);
  if (files.length === 0) return;
  // One that was laid aside before has more to go on from than one that never saved.
  if (await stands(earlier)) {
    if (!files.some(isCheckpointFile)) {
      for (const name of RECORDS) await ifThere(rm(join(folder, name))); // they would pass for the new one's
      return;
    }
    await forget(folder);
  }
  await mkdir(earlier);
  for (const name of files) await ifThere(rename(join(folder, name), join(earlier, name)));
}

/** Puts back what was laid aside, if there is something. @throws the file system's errors. */
export async function restore(folder: string): Promise<void> {
  const earlier = join(folder, EARLIER);
  if (!(await lstat(earlier).catch(() => null))?.isDirectory()) return;
  for (const name of (await filesOf(earlier)).reverse()) await ifThere(rename(join(earlier, name), join(folder, name)));
  await rmdir(earlier).catch(() => undefined);
}

/** Removes what was laid aside: it may be in vain. */
export async function forget(folder: string): Promise<void> {
  await rm(join(folder, EARLIER), { recursive: true, force: true }).catch(() => undefined);
}

async function stands(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}

async function ifThere(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
