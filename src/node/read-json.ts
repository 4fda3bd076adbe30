import { parseJson } from '../data/json.ts';
import { InputError } from '../errors.ts';
import { readBytes } from './read-bytes.ts';

const LIMIT_BYTES = 2 ** 26; // summaries hold a line for every step of their history

/** The text of a small file: UTF-8, with or without a byte order mark. Throws InputError, naming the file. */
export async function readText(path: string): Promise<string> {
  const bytes = await readBytes(path, LIMIT_BYTES);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`${path}: it is not UTF-8 text: save it as UTF-8`);
  }
}

/** What a JSON file of at most 64 MiB holds. Throws InputError, naming the file, as `parseJson` does. */
export async function readJson(path: string): Promise<unknown> {
  return parseJson(await readText(path), path);
}
