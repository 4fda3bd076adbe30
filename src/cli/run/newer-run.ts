import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { say } from '../output.ts';

/**
 * On stderr: a run of the same name that is newer, as a second training writes runs/table-2 beside runs/table. Whoever
 * names the first may mean the last.
 */
export async function noteNewer(path: string): Promise<void> {
  const target = resolve(path);
  try {
    const stem = `${basename(target)}-`;
    const others = (await readdir(dirname(target))).filter(
      (name) => name.startsWith(stem) && /^\d{1,3}$/.test(name.slice(stem.length)),
    );
    let [newest, time] = [null as string | null, (await stat(target)).mtimeMs];
    for (const name of others) {
      const { mtimeMs } = await stat(join(dirname(target), name));
      if (mtimeMs > time) [newest, time] = [name, mtimeMs];
    }
    if (newest !== null) say(`rhohat: ${join(dirname(path), newest)} is newer than ${path}`);
  } catch {
    // It is a hint alone: what cannot be looked at is not named.
  }
}
