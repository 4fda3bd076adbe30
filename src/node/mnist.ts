import { join } from 'node:path';
import envPaths from 'env-paths';
import { InputError } from '../errors.ts';
import { download, type Fetch, type Published } from './download.ts';
import { kindOfPath } from './read-bytes.ts';

const mirror = 'https://storage.googleapis.com/cvdf-datasets/mnist/';
const files = {
  'train-images-idx3-ubyte.gz': 'f68b3c2dcbeaaa9fbdd348bbdeb94873',
  'train-labels-idx1-ubyte.gz': 'd53e105ee54ea40749a09fcbcd1e9432',
  't10k-images-idx3-ubyte.gz': '9fb629c4189551a2d022fa330f9573f3',
  't10k-labels-idx1-ubyte.gz': 'ec29112dd5afa0611ce80d1b7f02629c',
};

/** One of the four canonical files of MNIST. */
export type MnistFile = keyof typeof files;

/** The published address and checksum of a file. */
export function published(file: MnistFile): Published {
  return { url: mirror + file, md5: files[file] };
}

export interface MnistPlaces {
  readonly dataFolder: string | undefined;
  /** Default: the user's cache folder, rhohat/mnist in it. */
  readonly cacheFolder?: string;
  readonly fetch?: Fetch;
}

/**
 * The path of a file of MNIST: in mnist/ of the data folder, else in the user's cache, else downloaded into the cache.
 * Throws InputError, naming both ways to provide the files, where none of the three works.
 */
export async function mnistPath(file: MnistFile, { dataFolder, cacheFolder, fetch }: MnistPlaces): Promise<string> {
  const cache = cacheFolder ?? join(envPaths('rhohat', { suffix: '' }).cache, 'mnist');
  const places = dataFolder ? [join(dataFolder, 'mnist', file), join(cache, file)] : [join(cache, file)];
  for (const path of places) if ((await kindOfPath(path)) === 'file') return path;
  const cached = join(cache, file);
  try {
    await download(published(file), cached, fetch);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const names = Object.keys(files).join(', ');
    const ways = `set RHOHAT_DATA to a folder that holds mnist/, or put the four files (${names}) into ${cache}`;
    throw new InputError(`mnist: ${error.message}: ${ways}`);
  }
  return cached;
}
