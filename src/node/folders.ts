import { access, mkdir, readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '../errors.ts';

/**
 * Makes a folder and those above it; gives the first that was made. Node's own way never ends where a folder refuses
 * new ones by saying that it does not exist, as /proc does.
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  const kept = await mkdir(path).catch((error: NodeJS.ErrnoException) => error);
  if (kept === undefined) return path;
  if (kept.code === 'EEXIST') return undefined;
  const above = dirname(path);
  if (kept.code !== 'ENOENT' || above === path || (await entriesOf(above)) !== null) throw kept;
  const first = await makeFolder(above);
  await mkdir(path);
  return first ?? path;
}

/** The names in a folder; null where there is nothing of that name. @throws InputError if it is not a folder. */
export async function entriesOf(path: string): Promise<string[] | null> {
  try {
    await access(path);
  } catch {
    return null;
  }
  try {
    return await readdir(path);
  } catch (error) {
    throw new InputError(`${path} is not a folder that can be read: ${(error as Error).message}`);
  }
}
