import { parseJson } from '../data/formats/json.ts';
import { InputError } from '../errors.ts';
import { readBytes } from './read-bytes.ts';

const LIMIT_BYTES = 2 ** 26;

/** The text of a small file: UTF-8, with or without a byte order mark. Throws InputError, naming the file. */
export async function readText(path: string, limitBytes = LIMIT_BYTES): Promise<string> {
  const bytes = await readBytes(path, limitBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`${path}: it is not UTF-8 text: save it as UTF-8`);
  }
}

/** What a JSON file holds, of at most 64 MiB or `bytes`. Throws InputError, naming the file, as `parseJson` does. */
export async function readJson(
  path: string,
  { bytes, parts }: { bytes?: number; parts?: number } = {},
): Promise<unknown> {
  return parseJson(await readText(path, bytes), path, parts);
}
