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
  readonly cacheFolder?: string | undefined;
  readonly fetch?: Fetch | undefined;
}

/** Folders of a data folder that may hold the files: our own, torchvision's, and the data folder itself. */
const folders = ['mnist', 'MNIST/raw', 'MNIST', 'mnist/raw', 'mnist/MNIST/raw', '.'];

/** The names that a file goes by: packed, unpacked, and as some archives have it, in a folder of its name too. */
function namesOf(file: MnistFile): string[] {
  const plain = file.replace('.gz', '');
  const dotted = plain.replace(/-(idx\d-ubyte)$/, '.$1');
  return [file, plain, `${dotted}.gz`, dotted, join(plain, plain), join(dotted, dotted), join(plain, dotted)];
}

/**
 * The path of a file of MNIST: in mnist/ or MNIST/raw/ of the data folder, or in itself, else in the user's cache, packed or
 * not; else downloaded into the cache. Throws InputError, naming the ways to provide the files, where none of these works.
 */
export async function mnistPath(file: MnistFile, { dataFolder, cacheFolder, fetch }: MnistPlaces): Promise<string> {
  const cache = cacheFolder ?? join(envPaths('rhohat', { suffix: '' }).cache, 'mnist');
  const places = [...(dataFolder ? folders.map((folder) => join(dataFolder, folder)) : []), cache];
  for (const place of places) {
    for (const name of namesOf(file)) {
      if ((await kindOfPath(join(place, name))) === 'file') return join(place, name);
    }
  }
  const cached = join(cache, file);
  try {
    await download(published(file), cached, fetch);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const names = Object.keys(files).join(', ');
    const ways = dataFolder
      ? `it is neither in mnist/ nor in MNIST/raw/ of ${dataFolder}: put the four files (${names}, packed or not) there, or into ${cache}`
      : `set RHOHAT_DATA to a folder that holds mnist/ or MNIST/raw/, or put the four files (${names}, packed or not) into ${cache}`;
    throw new InputError(`mnist: ${error.message}: ${ways}`);
  }
  return cached;
}
