import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileError } from './read-bytes.ts';

/** What systems put into folders beside what their users do: hidden files, ._x.jpg of macOS, thumbnails of Windows. */
const theirs = /^(\.|thumbs\.db$|ehthumbs\.db$|desktop\.ini$|__macosx$|icon\r$)/i;

/** The files of a folder that are wanted, and what else its user put there. */
export interface FolderFiles {
  /** Sorted. */
  readonly names: string[];
  /** Of its folders, sorted. */
  readonly folders: string[];
  /** What else there is, by its ending, or "folder". */
  readonly counts: ReadonlyMap<string, number>;
  /** "3 .webp, 1 folder"; nothing where all is wanted. */
  readonly others: string;
}

/** Whether a file or a folder is the system's own, of which nobody need be told. */
export function isSystems(name: string): boolean {
  return theirs.test(name);
}

/** Looks through a folder. Names of which `goesAlong` is true are neither. @throws InputError where it cannot be read. */
export async function filesOf(
  folder: string,
  isWanted: (name: string) => boolean,
  goesAlong: (name: string, all: ReadonlySet<string>) => boolean = () => false,
): Promise<FolderFiles> {
  try {
    const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !isSystems(name));
    const all = new Set(entries.map(({ name }) => name));
    const names: string[] = [];
    const folders: string[] = [];
    const counts = new Map<string, number>();
    for (const entry of entries) {
      const isFolder = entry.isDirectory();
      if (isFolder) folders.push(entry.name);
      if (!isFolder && isWanted(entry.name)) names.push(entry.name);
      else if (isFolder || !goesAlong(entry.name, all)) {
        const kind = isFolder ? 'folder' : extname(entry.name).toLowerCase() || 'file without an ending';
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
      }
    }
    return { names: names.sort(), folders: folders.sort(), counts, others: inWords(counts) };
  } catch (error) {
    throw fileError(folder, error);
  }
}

/** Kinds of files with their counts, the most frequent ones first. */
export function inWords(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const shown = sorted.slice(0, 8).map(([kind, n]) => `${n} ${kind.startsWith('.') || n === 1 ? kind : plural(kind)}`);
  return shown.join(', ') + (sorted.length > 8 ? ', …' : '');
}

const plural = (kind: string) => (kind === 'folder' ? 'folders' : 'files without an ending');
