import { join } from 'node:path';
import { InputError } from '../../errors.ts';
import { entriesOf } from '../../node/folders.ts';
import { kindOfPath } from '../../node/read-bytes.ts';
import { PLAN_FILE, readPlan } from './plan.ts';

/**
 * The run folders that are meant: of a sweep's folder those of its runs that have begun. Files are passed over where folders stand beside
 * them, as a shell gives both for sweep/*. @throws InputError where a sweep has not begun, or its plan is damaged.
 */
export async function runFolders(paths: readonly string[]): Promise<string[]> {
  const kinds = await Promise.all(paths.map((path) => kindOfPath(path)));
  const folders = kinds.includes('folder') ? paths.filter((_, i) => kinds[i] !== 'file' && !isHelper(paths[i])) : paths;
  const lists = await Promise.all(folders.map(async (path, i) => (kinds[i] === 'file' ? [path] : runsIn(path))));
  return [...new Set(lists.flat())];
}

/** What a sweep's folder holds beside its runs. */
function isHelper(path: string): boolean {
  return /(^|[/\\])configs[/\\]?$/.test(path);
}

async function runsIn(path: string): Promise<string[]> {
  const entries = await entriesOf(path);
  if (!entries?.includes(PLAN_FILE)) return [path];
  const { runs } = await readPlan(path);
  const begun = runs.filter(({ name }) => entries.includes(name)).map(({ name }) => join(path, name));
  if (begun.length > 0) return begun;
  throw new InputError(`${path}: none of the sweep's runs has begun: rhohat sweep --resume ${path} begins them`);
}
