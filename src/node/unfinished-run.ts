import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InputError } from '../errors.ts';
import { CHECKPOINT_FILE, CheckpointFiles, isCheckpointFile } from './checkpoint-file.ts';
import { EARLIER, forget, layAside, RECORDS, RUN_FILE, restore } from './earlier-run.ts';
import { files as port } from './file-port.ts';
import { assertUnlocked } from './folder-lock.ts';
import { entriesOf, makeFolder } from './folders.ts';
import { kindOfPath } from './read-bytes.ts';
import { readJson } from './read-json.ts';
import { isModel, missingElsewhere, ResultsElsewhere, writeElsewhere, writeResults } from './results.ts';
import { openRunFolder, type RunFolder } from './run-folder.ts';
import { type Contents, writeStaged } from './staged-files.ts';

export { RUN_FILE } from './earlier-run.ts';

/** The folder of a run under way: run.json, and checkpoints as they come. Killed at any moment it can be resumed. */
export interface UnfinishedRun {
  readonly path: string;
  readonly checkpoints: CheckpointFiles;
  /**
   * Saves a checkpoint. Where it cannot, and there is none to go on from, it goes into a folder elsewhere that can be
   * resumed. @throws InputError that names that folder, and what is wrong with the first.
   */
  saveCheckpoint(bytes: Uint8Array): Promise<void>;
  /**
   * Writes files; the run stays unfinished. Where there is no room for all, the models come first, elsewhere if need be.
   * @throws InputError that says what is missing, and where the rest is.
   */
  save(files: Contents): Promise<void>;
  /** Writes the last results, removes run.json and the checkpoints, and gives the folder back. @throws as `save` does. */
  finish(files: Contents): Promise<void>;
  /** Removes what was begun where nothing has been saved yet, and gives the folder back. */
  discard(): Promise<void>;
  /** @throws InputError where another process took the folder over. */
  assertHeld(): Promise<void>;
  /** Gives the folder back to other processes. */
  release(): Promise<void>;
}

/**
 * Makes the folder of a new run, before any work is spent, or takes the one that is there: `description`, JSON, says how
 * to go on. With `force` in a folder that has files; the unfinished run of such a folder goes with the first checkpoint.
 * @throws InputError if the folder exists and is not empty, is in use, or cannot be made.
 */
export async function beginRun(path: string, description: unknown, force = false): Promise<UnfinishedRun> {
  const entries = (path === '' ? null : await entriesOf(path)) ?? [];
  if (entries.includes(RUN_FILE) && !force) {
    await assertUnlocked(path);
    throw new InputError(
      `${path} holds an unfinished run: go on with --resume ${path}, choose another --out, or add --force to begin anew`,
    );
  }
  const folder = await openRunFolder(path, force);
  try {
    await layAside(path);
    await writeStaged(path, new Map([[RUN_FILE, textOf(description)]]));
  } catch (error) {
    await restore(path).catch(() => undefined);
    await folder.discard();
    if (error instanceof InputError) throw error;
    throw new InputError(`${path} cannot be written: ${(error as Error).message}; choose another --out`);
  }
  return unfinished(folder, description, true);
}

/** The folder of a run to go on with, and its description. @throws InputError where it holds no unfinished run. */
export async function resumeRun(path: string): Promise<{ run: UnfinishedRun; description: unknown }> {
  const file = join(path, RUN_FILE);
  const entries = await entriesOf(path);
  if (entries === null || ((await kindOfPath(file)) === undefined && !entries.includes(EARLIER))) {
    const what = entries === null ? 'there is no such folder' : 'it holds no unfinished run';
    throw new InputError(`${path}: ${what}: name the folder of a run that did not end`);
  }
  const folder = await openRunFolder(path, true, 'check its permissions and its disk, or copy it to another place');
  try {
    // A kill while --force began anew.
    if (!entries.includes(RUN_FILE)) await restore(path);
    const description = await readJson(file);
    return { run: unfinished(folder, description, false), description };
  } catch (error) {
    await folder.discard();
    throw error;
  }
}

function unfinished(folder: RunFolder, description: unknown, isNew: boolean): UnfinishedRun {
  const { path } = folder;
  const checkpoints = checkpointFiles(folder);
  const standIn = createStandIn();
  let keep = false;
  /** Removes what stood in for something that is saved now. */
  const saved = async () => {
    await standIn.remove();
    await forget(path);
  };
  const write = async (files: Contents, spare?: () => Promise<boolean>) => {
    await makeFolder(resolve(path)).catch(() => undefined); // should somebody have removed it
    return writeResults(path, files, { check: () => folder.assertHeld(), ...(spare ? { spare } : {}) });
  };
  let hasModel = false;
  /** Adds to the error about results that could not be written how to go on. */
  const goOn = async (error: unknown): Promise<never> => {
    if (!(error instanceof ResultsElsewhere)) throw error;
    keep = error.folder === null;
    if (await hasCheckpoint(path)) {
      error.message += `; once there is room, rhohat train --resume ${path} goes on from the last checkpoint`;
    } else if (keep) error.message += `; once there is room, rhohat train --resume ${path} trains again`;
    throw error;
  };
  return {
    path,
    checkpoints,
    async saveCheckpoint(bytes) {
      try {
        await checkpoints.write(bytes);
        await saved();
      } catch (error) {
        if (!(error instanceof InputError) || (await hasCheckpoint(path))) throw error;
        const files = new Map<string, string | Uint8Array>([
          [RUN_FILE, textOf(description)],
          [CHECKPOINT_FILE, bytes],
        ]);
        const elsewhere = await standIn.write(files);
        if (elsewhere === null) throw error;
        throw new InputError(
          `${error.message}; it is kept in ${elsewhere}: rhohat train --resume ${elsewhere} goes on`,
        );
      }
    },
    async save(files) {
      const missing = await write(files).catch(goOn);
      hasModel ||= [...files.keys()].some(isModel);
      if (missing !== null) throw await missingElsewhere(path, missing);
    },
    async finish(files) {
      let missing = await write(files, () => checkpoints.spare()).catch(goOn);
      hasModel ||= [...files.keys()].some(isModel);
      await port.remove(join(path, RUN_FILE));
      await port.syncFolder(path);
      await checkpoints.remove();
      await saved();
      // They made room.
      if (missing !== null) missing = await write(missing.files);
      await folder.discard();
      if (missing !== null) throw await missingElsewhere(path, missing);
    },
    async discard() {
      const mine = await folder.assertHeld().then(
        () => true,
        () => false,
      );
      if (mine && isNew && !keep && !hasModel && !(await hasCheckpoint(path))) {
        for (const name of [RUN_FILE, ...RECORDS]) await port.remove(join(path, name)).catch(() => undefined);
        await restore(path).catch(() => undefined);
      }
      await folder.discard();
    },
    assertHeld: () => folder.assertHeld(),
    release: () => folder.discard(),
  };
}

/** The checkpoints of a folder that is held, into which nothing is written once it is not. */
function checkpointFiles(folder: RunFolder): CheckpointFiles {
  return new CheckpointFiles(folder.path, {
    ...port,
    makeFolder: undefined, // made with run.json, or not at all
    async create(file) {
      await folder.assertHeld();
      return port.create(file);
    },
  });
}

/** A folder elsewhere that holds the last checkpoint while the run's own folder cannot. */
interface StandIn {
  /** Writes a folder in the place of the one before: its path; null where there is room for none, now or before. */
  write(files: Contents): Promise<string | null>;
  remove(): Promise<void>;
}

function createStandIn(): StandIn {
  let elsewhere: string | null = null;
  const removeFolder = (path: string) => rm(path, { recursive: true, force: true }).catch(() => undefined);
  return {
    async write(files) {
      const before = elsewhere;
      elsewhere = (await writeElsewhere(files)) ?? before;
      if (before !== null && before !== elsewhere) await removeFolder(before);
      return elsewhere;
    },
    async remove() {
      if (elsewhere !== null) await removeFolder(elsewhere);
      elsewhere = null;
    },
  };
}

/** What run.json says. */
function textOf(description: unknown): string {
  return `${JSON.stringify(description, null, 1)}\n`;
}

/** Whether there is something to go on from. */
async function hasCheckpoint(path: string): Promise<boolean> {
  const entries = (await entriesOf(path)) ?? [];
  return entries.some(isCheckpointFile);
}
