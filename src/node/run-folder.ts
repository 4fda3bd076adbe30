import { rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { InputError } from '../errors.ts';
import { LOCK_FILE, lockFolder } from './folder-lock.ts';
import { entriesOf, makeFolder } from './folders.ts';
import { kindOfPath } from './read-bytes.ts';
import { missingElsewhere, writeResults } from './results.ts';
import { type Content, type Contents, STAGED, settle, writeSynced } from './staged-files.ts';

/** A folder that results go into, and no other process meanwhile. */
export interface RunFolder {
  readonly path: string;
  /**
   * Writes files, in place of those of their names: cut short at any moment, all or none. May be called again.
   * @throws InputError where there is no room for all: the models come first, elsewhere if need be.
   */
  save(files: Contents): Promise<void>;
  /** Writes the last files, as `save` does, and gives the folder back to other processes. */
  commit(files: Contents): Promise<void>;
  /** Gives the folder back; where it was made for this and nothing is in it, it goes. After `commit` too. */
  discard(): Promise<void>;
  /** @throws InputError where another process took the folder over. */
  assertHeld(): Promise<void>;
}

/**
 * Opens a folder for results, before any work is spent: the one that is there, or a new one. It is locked against other
 * processes until `commit` or `discard`. With `force` it may have files: those of the results' names are replaced, others
 * left alone. `remedy` is what to do where it cannot be written to.
 * @throws InputError if the folder is not empty, is in use, or cannot be made or written to.
 */
export async function openRunFolder(path: string, force = false, remedy = 'choose another --out'): Promise<RunFolder> {
  if (path === '') throw new InputError('--out is empty: name a folder');
  const target = resolve(path);
  await entriesOf(target); // a file is told as such
  let firstMade: string | undefined;
  /** It goes, and parents that were made for it, as far as they are empty. */
  const removeMade = async () => {
    for (let made = target; firstMade !== undefined && made.startsWith(firstMade); made = dirname(made)) {
      const gone = await rmdir(made).then(
        () => true,
        () => false,
      );
      if (!gone) return;
    }
  };
  let lock: Awaited<ReturnType<typeof lockFolder>>;
  try {
    firstMade = await makeFolder(target);
    lock = await lockFolder(path);
    await settle(target);
  } catch (error) {
    await removeMade();
    if (error instanceof InputError) throw error;
    throw new InputError(`${path} cannot be written: ${(error as Error).message}; ${remedy}`);
  }
  const discard = async () => {
    const clear = () => rm(join(target, STAGED), { recursive: true, force: true });
    await lock
      .assertHeld()
      .then(clear)
      .catch(() => undefined);
    await lock.release();
    await removeMade();
  };
  const others = (await entriesOf(target))?.filter((name) => name !== STAGED && !name.startsWith(LOCK_FILE));
  if (others?.length && !force) {
    await discard();
    throw new InputError(`${path} exists and is not empty: choose another --out, or add --force to replace its files`);
  }
  const save = async (files: Contents) => {
    const missing = await writeResults(path, files, { check: () => lock.assertHeld() });
    if (missing !== null) throw await missingElsewhere(path, missing);
  };
  return {
    path,
    save,
    async commit(files) {
      await save(files);
      await lock.release();
    },
    discard,
    assertHeld: () => lock.assertHeld(),
  };
}

/** `stem`, or `stem-2`, `stem-3`, … : the first that does not exist. */
export async function freeName(stem: string): Promise<string> {
  for (let n = 1; ; n++) {
    const path = n === 1 ? stem : `${stem}-${n}`;
    if ((await entriesOf(resolve(path))) === null) return path;
  }
}

/** Writes a file whole or not at all: beside its place, synced, then renamed. */
export async function writeWhole(path: string, content: Content): Promise<void> {
  const partial = await partialOf(path);
  try {
    await writeSynced(partial, content);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw notWritten(path, error);
  }
}

/** The name that a file has while this process writes it. @throws InputError where a folder is in its place. */
export async function partialOf(path: string): Promise<string> {
  // As root, renaming would put a file in the place of /dev/null.
  if (path !== '' && (await kindOfPath(path)) === 'folder') {
    throw new InputError(`${path} is a folder: give the name of a file`);
  }
  return `${path}.partial-${process.pid}`;
}

/** The error of a file that cannot be written, and why. */
export function notWritten(path: string, why: unknown): InputError {
  if ((why as NodeJS.ErrnoException).code === 'ENOENT' && path !== '') {
    return new InputError(`${path} cannot be written: the folder ${dirname(path)} does not exist: create it`);
  }
  return new InputError(`${path} cannot be written: ${(why as Error).message}; choose another place`);
}
