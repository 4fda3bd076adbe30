import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ByteSource } from '../data/formats/byte-source.ts';
import { type LoadedDictionary, type LoadOptions, loadDictionary } from '../dictionaries/index.ts';
import { InputError } from '../errors.ts';
import { withFileSource } from './file-source.ts';
import { fileError, kindOfPath, naming } from './read-bytes.ts';

const LIMIT_FILES = 1000;
const weights = /\.(safetensors|npz|pt|pth|bin)$/i;
const configs = /(cfg|config|hyperparams|activation_scaler)\.json$/;

/**
 * Loads a dictionary of another library from its folder, or from its file of weights, whose folder holds the configs that belong
 * to it: see `loadDictionary`. Weights are read in parts, so that no file need fit into memory beside the model.
 * @throws InputError, naming the path, as `loadDictionary` does, and where a file cannot be read.
 */
export async function openDictionary(path: string, options: LoadOptions = {}): Promise<LoadedDictionary> {
  const kind = await kindOfPath(path);
  if (kind === undefined) throw new InputError(`${path}: there is no such file or folder: check the path`);
  const isFile = kind === 'file';
  const inCheckpoints = isFile && basename(dirname(path)) === 'checkpoints'; // its configs are one folder up
  const root = !isFile ? path : inCheckpoints ? dirname(dirname(path)) : dirname(path);
  const own = isFile ? (inCheckpoints ? `checkpoints/${basename(path)}` : basename(path)) : options.file;
  const names = await filesOf(root);
  const wanted = isFile ? names.filter((name) => name === own || !weights.test(name)) : names;
  if (own !== undefined && !wanted.includes(own)) wanted.push(own);
  return naming(path, () =>
    opened(root, wanted, {}, (files) => loadDictionary(files, own === undefined ? options : { ...options, file: own })),
  );
}

/** Files of weights and configs, those of `checkpoints` too, as paths within the folder. */
async function filesOf(root: string): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ['', 'checkpoints/']) {
    let entries: string[];
    try {
      entries = await readdir(join(root, folder));
    } catch (error) {
      if (folder !== '') continue;
      throw fileError(root, error);
    }
    for (const name of entries.sort()) {
      if (!weights.test(name) && !configs.test(name)) continue;
      const isFile = await stat(join(root, folder, name)).then(
        (entry) => entry.isFile() && entry.size > 0,
        () => false,
      );
      if (isFile) found.push(`${folder}${name}`);
    }
  }
  if (found.length <= LIMIT_FILES) return found;
  throw new InputError(`${root}: it holds ${found.length} files: name the file of weights`);
}

/** Opens the files one within the other, so that each is closed whatever comes. */
function opened<T>(
  root: string,
  [name, ...rest]: readonly string[],
  files: Record<string, ByteSource>,
  use: (files: Record<string, ByteSource>) => Promise<T>,
): Promise<T> {
  if (name === undefined) return use(files);
  return withFileSource(join(root, name), (source) => opened(root, rest, { ...files, [name]: source }, use));
}
