import { open, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError, show } from '../errors.ts';
import { entriesOf, makeFolder } from './folders.ts';

/** A folder that appears with all its files, or not at all. */
export interface RunFolder {
  readonly path: string;
  /** Writes every file, then makes the folder visible under its name. */
  commit(files: ReadonlyMap<string, Uint8Array | string>): Promise<void>;
  /** Removes whatever was prepared. */
  discard(): Promise<void>;
}

/**
 * Prepares to write a run folder, before any work is spent: checks that the name is free (or `force`) and that its
 * parent can be written to. Files are written beside it and renamed into place. With `force` the files of an existing
 * folder are replaced one by one, each whole; others in it are left alone.
 * @throws InputError if the folder exists and is not empty, or cannot be made.
 */
export async function openRunFolder(path: string, force = false): Promise<RunFolder> {
  if (path === '') throw new InputError('--out is empty: name a folder');
  const target = resolve(path);
  const partial = join(dirname(target), `.${basename(target)}.partial-${process.pid}`);
  const entries = await entriesOf(target);
  if (entries !== null && entries.length > 0 && !force) {
    throw new InputError(`${path} exists and is not empty: choose another --out, or add --force to replace its files`);
  }
  let firstMade: string | undefined;
  try {
    firstMade = await makeFolder(partial);
  } catch (error) {
    throw new InputError(`${path} cannot be written: ${(error as Error).message}; choose another --out`);
  }
  return {
    path,
    async commit(files) {
      for (const name of files.keys()) assertPlain(name);
      for (const [name, content] of files) await writeSynced(join(partial, name), content);
      if (entries === null || entries.length === 0) {
        if (entries !== null) await rmdir(target);
        await rename(partial, target);
        return;
      }
      for (const name of files.keys()) await rename(join(partial, name), join(target, name));
      await rm(partial, { recursive: true });
    },
    async discard() {
      await rm(partial, { recursive: true, force: true });
      // Parents that were made for it go too, as far as they are empty.
      for (let parent = dirname(partial); firstMade !== undefined && parent.startsWith(firstMade); ) {
        if (
          !(await rmdir(parent).then(
            () => true,
            () => false,
          ))
        )
          return;
        parent = dirname(parent);
      }
    },
  };
}

/** @throws InputError unless a name stays within the folder that it is joined to: no separator, not . or .., no NUL. */
export function assertPlain(name: string): void {
  if (name !== '' && name !== '.' && name !== '..' && !/[/\\\0:]/.test(name)) return;
  throw new InputError(`${show(name)} is no plain file name: it must stay within its folder`);
}

/** `stem`, or `stem-2`, `stem-3`, … : the first that does not exist. */
export async function freeName(stem: string): Promise<string> {
  for (let n = 1; ; n++) {
    const path = n === 1 ? stem : `${stem}-${n}`;
    if ((await entriesOf(resolve(path))) === null) return path;
  }
}

/** What a file shall hold: all of it, or in pieces, so that it need not fit into memory, nor a text into a string. */
export type Content = Uint8Array | string | Iterable<Uint8Array | string>;

/** Writes a file whole or not at all: beside its place, synced, then renamed. */
export async function writeWhole(path: string, content: Content): Promise<void> {
  const partial = `${path}.partial-${process.pid}`;
  try {
    await writeSynced(partial, content);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && path !== '') {
      throw new InputError(`${path} cannot be written: the folder ${dirname(path)} does not exist: create it`);
    }
    throw new InputError(`${path} cannot be written: ${(error as Error).message}; choose another place`);
  }
}

/** Writes a file and waits until it is on the disk. */
export async function writeSynced(path: string, content: Content): Promise<void> {
  const file = await open(path, 'w');
  const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
  try {
    for (const piece of pieces) await file.writeFile(piece); // appends
    await file.sync();
  } finally {
    await file.close();
  }
}
