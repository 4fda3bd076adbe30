import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { closest } from '../data/formats/closest.ts';

/** More names than this are not compared: a folder may hold a million. */
const LIMIT_NAMES = 1000;

/** " (did you mean data/pump.csv?)" for a path at which nothing stands; '' where nothing of its folder is near. */
export async function nearPath(path: string): Promise<string> {
  const names = await readdir(dirname(path)).catch(() => []);
  const near = closest(basename(path), names.slice(0, LIMIT_NAMES));
  return near === undefined ? '' : ` (did you mean ${join(dirname(path), near)}?)`;
}
