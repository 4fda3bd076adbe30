import { lstat, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, show } from '../errors.ts';
import { files as port } from './file-port.ts';
import { openNew } from './open-file.ts';

/** What a file shall hold: all of it, or in pieces, so that it need not fit into memory, nor a text into a string. */
export type Content = Uint8Array | string | Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>;

/** What goes into a folder: names and contents. */
export type Contents = ReadonlyMap<string, Uint8Array | string>;

/** Files that are being written: worth nothing. */
export const STAGED = '.rhohat.partial';
/** Files that are whole, and belong into the folder above them. */
const READY = '.rhohat.ready';

/**
 * Writes files into a folder, in place of those that were there: all of them or, cut short at any moment, none. They are
 * written into a folder within it; renaming that says that they are whole, and `settle` moves them up, at once or, after
 * a kill, when the folder is next looked at. One process at a time: see `lockFolder`.
 * @throws InputError on names that are not plain; the file system's errors.
 */
export async function writeStaged(folder: string, files: Contents): Promise<void> {
  for (const name of files.keys()) {
    assertPlain(name);
    // What cannot be replaced is no reason to lose the others later.
    if (await isFolder(join(folder, name))) throw new InputError(`${join(folder, name)} is a folder: remove it`);
  }
  await settle(folder);
  const staged = join(folder, STAGED);
  try {
    await rm(staged, { recursive: true, force: true }); // of a link, the link alone
    await mkdir(staged);
    for (const [name, content] of files) await writeSynced(join(staged, name), content);
    await port.syncFolder(staged);
    const ready = join(folder, READY);
    if (!(await isFolder(ready))) await rm(ready, { force: true }); // a stranger's link would bar the way
    await rename(staged, ready);
  } catch (error) {
    await rm(staged, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
  await settle(folder);
}

/** Ends what `writeStaged` could not, if there is something. @throws the file system's errors. */
export async function settle(folder: string): Promise<void> {
  const ready = join(folder, READY);
  if (!(await isFolder(ready))) return;
  await port.syncFolder(folder);
  for (const name of await readdir(ready)) await unlessGone(rename(join(ready, name), join(folder, name)));
  await port.syncFolder(folder);
  await unlessGone(rmdir(ready));
}

/** @throws InputError unless a name stays within the folder that it is joined to: no separator, not . or .., no NUL. */
export function assertPlain(name: string): void {
  if (name !== '' && name !== '.' && name !== '..' && !/[/\\\0:]/.test(name)) return;
  throw new InputError(`${show(name)} is no plain file name: it must stay within its folder`);
}

/** Writes a new file, in place of any that was there, and waits until it is on the disk. */
export async function writeSynced(path: string, content: Content): Promise<void> {
  const file = await openNew(path);
  const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
  try {
    for await (const piece of pieces) await file.writeFile(piece); // appends
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Whether it is a folder itself, no link to one. */
async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Two processes that look at a folder may both end what was begun there. */
async function unlessGone(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
