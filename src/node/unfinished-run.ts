import { mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import { CHECKPOINT_FILE, CheckpointFiles, PREVIOUS_FILE } from './checkpoint-file.ts';
import { files as port } from './file-port.ts';
import { entriesOf } from './folders.ts';
import { kindOfPath } from './read-bytes.ts';
import { readJson } from './read-json.ts';
import { openRunFolder, writeSynced } from './run-folder.ts';

/** Says that a run is not finished, and how it was begun: there from the beginning, the first thing to go at the end. */
export const RUN_FILE = 'run.json';

type Contents = ReadonlyMap<string, Uint8Array | string>;

/** The folder of a run under way: run.json, and checkpoints as they come. Killed at any moment it can be resumed. */
export interface UnfinishedRun {
  readonly path: string;
  readonly checkpoints: CheckpointFiles;
  /** Writes files, each whole; the run stays unfinished. @throws InputError where they cannot be written. */
  save(files: Contents): Promise<void>;
  /** Writes the results, each file whole, then removes run.json and the checkpoints. @throws as `save` does. */
  finish(files: Contents): Promise<void>;
  /** Removes what was begun where nothing has been saved yet. */
  discard(): Promise<void>;
}

/**
 * Makes the folder of a new run, before any work is spent: `description`, JSON, says how to go on. With `force` in a
 * folder that has files, whose checkpoints go.
 * @throws InputError if the folder exists and is not empty, or cannot be made.
 */
export async function beginRun(path: string, description: unknown, force = false): Promise<UnfinishedRun> {
  const entries = (path === '' ? null : await entriesOf(path)) ?? [];
  if (entries.includes(RUN_FILE) && !force) {
    throw new InputError(
      `${path} holds an unfinished run: go on with --resume ${path}, choose another --out, or add --force to begin anew`,
    );
  }
  const folder = await openRunFolder(path, force);
  try {
    if (entries.length > 0) await new CheckpointFiles(path).remove();
    await folder.commit(new Map([[RUN_FILE, `${JSON.stringify(description, null, 1)}\n`]]));
  } catch (error) {
    await folder.discard();
    throw error instanceof InputError ? error : new InputError(`${path}: ${(error as Error).message}`);
  }
  const run = unfinished(path);
  return {
    ...run,
    async discard() {
      if (await hasResults(path)) return;
      await rm(join(path, RUN_FILE), { force: true });
      await rmdir(path).catch(() => undefined); // with --force there may be other files
      await folder.discard();
    },
  };
}

/** The folder of a run to go on with, and its description. @throws InputError where it holds no unfinished run. */
export async function resumeRun(path: string): Promise<{ run: UnfinishedRun; description: unknown }> {
  const file = join(path, RUN_FILE);
  if ((await kindOfPath(file)) === undefined) {
    const what = (await entriesOf(path)) === null ? 'there is no such folder' : 'it holds no unfinished run';
    throw new InputError(`${path}: ${what}: name the folder of a run that did not end`);
  }
  return { run: unfinished(path), description: await readJson(file) };
}

function unfinished(path: string): UnfinishedRun {
  const checkpoints = new CheckpointFiles(path, { ...port, makeFolder: undefined }); // made with run.json, or not at all
  const save = (files: Contents) => writeAll(path, files);
  return {
    path,
    checkpoints,
    save,
    async finish(files) {
      await save(files);
      await port.remove(join(path, RUN_FILE));
      await port.syncFolder(path);
      await checkpoints.remove();
    },
    discard: async () => undefined,
  };
}

/** Whether there is something to go on from, or results of a run that was interrupted. */
async function hasResults(path: string): Promise<boolean> {
  const entries = (await entriesOf(path)) ?? [];
  return [CHECKPOINT_FILE, PREVIOUS_FILE].some((name) => entries.includes(name));
}

/** All files are on the disk before the first replaces what was there. */
async function writeAll(path: string, files: Contents): Promise<void> {
  const partial = (name: string) => join(path, `${name}.partial`);
  try {
    await mkdir(path, { recursive: true }); // should somebody have removed it
    for (const [name, content] of files) await writeSynced(partial(name), content);
    for (const name of files.keys()) await rename(partial(name), join(path, name));
    await port.syncFolder(path);
  } catch (error) {
    for (const name of files.keys()) await port.remove(partial(name)).catch(() => undefined);
    throw new InputError(`${path}: the results cannot be written: ${(error as Error).message}; make room`);
  }
}
