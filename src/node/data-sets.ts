import { join } from 'node:path';
import type { Precision } from '../array/matrix.ts';
import type { Examples } from '../data/examples.ts';
import type { ArrayOptions } from '../data/formats/array-examples.ts';
import { cifarExamples } from '../data/formats/cifar.ts';
import { readIdx } from '../data/formats/idx.ts';
import type { TableOptions } from '../data/formats/table/table-options.ts';
import { deadLeaves } from '../data/generated/dead-leaves.ts';
import { swissRoll } from '../data/generated/swiss-roll.ts';
import { InputError } from '../errors.ts';
import type { Fetch } from './download.ts';
import { readExamples, readUnpacked } from './files.ts';
import { filesOf } from './folder-files.ts';
import { mnistPath } from './mnist.ts';
import { kindOfPath, naming, readBytes } from './read-bytes.ts';

/** Where data sets are looked for. */
export interface SourceOptions {
  /** The folder that holds mnist/, natural-images/, olivetti/, cifar10/. Default: the environment's RHOHAT_DATA. */
  readonly dataFolder?: string | undefined;
  /** Where downloads of MNIST are kept. Default: mnist/ in rhohat's folder of the user's cache. */
  readonly cacheFolder?: string | undefined;
  /** What downloads MNIST. Default the environment's own fetch. */
  readonly fetch?: Fetch | undefined;
  /** Of a folder of shards: read no more than the first n examples. Other sources are read whole. */
  readonly limit?: number | undefined;
  /** Of a table: which columns are read, how, and what becomes of them. All but `match` are refused for other sources. */
  readonly table?: TableOptions | undefined;
  /** Of an array file, or a folder of shards: what its axes and numbers are. All but `match` are refused for other sources. */
  readonly array?: ArrayOptions | undefined;
  /** Of a folder of shards: round numbers that are wider to this. */
  readonly precision?: Precision | undefined;
}

/** The data folder in force, if any. */
function dataFolderOf({ dataFolder }: SourceOptions): string | undefined {
  return dataFolder ?? (process.env.RHOHAT_DATA || undefined);
}

/** The first path that is there of those that a data set without a download may have. */
async function inDataFolder(
  name: string,
  [path, ...others]: readonly string[],
  options: SourceOptions,
): Promise<string> {
  const folder = dataFolderOf(options);
  const otherwise = 'or use dead-leaves, which is generated';
  if (folder === undefined) {
    throw new InputError(
      `${name}: no data folder is known: set RHOHAT_DATA to a folder that holds ${path}, ${otherwise}`,
    );
  }
  for (const each of [path, ...others]) {
    if ((await kindOfPath(join(folder, each))) !== undefined) return join(folder, each);
  }
  throw new InputError(
    `${name}: there is no ${join(folder, path)}: put it there, set RHOHAT_DATA to another folder that holds ${path}, ${otherwise}`,
  );
}

/** All training records in cifar10/, file after file; test_batch.bin is left out. */
async function loadCifar(options: SourceOptions): Promise<Examples> {
  const own = 'cifar-10-batches-bin';
  const given = await inDataFolder('cifar10', ['cifar10', own, `CIFAR10/${own}`], options);
  // Unpacked into it, the archive makes a folder of its own.
  const inner = join(given, own);
  const folder = (await kindOfPath(inner)) === 'folder' ? inner : given;
  const { names } = await filesOf(folder, (name) => name.endsWith('.bin') && name !== 'test_batch.bin');
  if (names.length === 0) throw new InputError(`cifar10: ${folder} holds no .bin file: put data_batch_1.bin … into it`);
  const parts: Uint8Array[] = [];
  for (const name of names) {
    const bytes = await readBytes(join(folder, name));
    await naming(join(folder, name), () => cifarExamples(bytes)); // each must hold whole records
    parts.push(bytes);
  }
  return cifarExamples(Buffer.concat(parts));
}

async function mnistFile(file: Parameters<typeof mnistPath>[0], options: SourceOptions): Promise<string> {
  return mnistPath(file, { ...options, dataFolder: dataFolderOf(options) });
}

/** These are known to be images in a row, of 255 steps. */
const PIXELS: ArrayOptions = { axes: 'mhw', unit: 255 };

type Loader = (options: SourceOptions) => Promise<Examples>;

const loaders: ReadonlyMap<string, Loader> = new Map<string, Loader>([
  ['mnist', async (options) => readExamples(await mnistFile('train-images-idx3-ubyte.gz', options), {}, PIXELS)],
  ['mnist-test', async (options) => readExamples(await mnistFile('t10k-images-idx3-ubyte.gz', options), {}, PIXELS)],
  [
    'natural-images',
    async (options) =>
      readExamples(await inDataFolder('natural-images', ['natural-images/images_512x512x10.f32'], options)),
  ],
  [
    'olivetti',
    async (options) =>
      readExamples(await inDataFolder('olivetti', ['olivetti/olivetti_400x64x64.u8'], options), {}, PIXELS),
  ],
  ['cifar10', loadCifar],
  ['dead-leaves', async () => deadLeaves({ images: 10, size: 256, seed: 1, rMin: 5 })],
  ['swiss-roll', async () => swissRoll({ examples: 2000, seed: 1, noise: 0.1 })],
]);

/** The names that `loadDataSet` knows. */
export const dataSetNames: readonly string[] = [...loaders.keys()];

/** A data set by name, or undefined where the name is unknown. Throws InputError where its files are missing. */
export async function loadDataSet(name: string, options: SourceOptions = {}): Promise<Examples | undefined> {
  return loaders.get(name)?.(options);
}

/** The classes (0 to 9) of mnist or mnist-test, one for each example. Throws InputError on other names. */
export async function loadLabels(name: string, options: SourceOptions = {}): Promise<Uint8Array> {
  if (name !== 'mnist' && name !== 'mnist-test') {
    throw new InputError(`labels of ${JSON.stringify(name)} are not known: allowed are mnist, mnist-test`);
  }
  const file = name === 'mnist' ? 'train-labels-idx1-ubyte.gz' : 't10k-labels-idx1-ubyte.gz';
  const path = await mnistFile(file, options);
  const bytes = await readUnpacked(path);
  const { shape, data } = await naming(path, () => readIdx(bytes));
  if (shape.length !== 1 || !(data instanceof Uint8Array)) {
    throw new InputError(
      `${path}: its shape is (${shape.join(', ')}): labels are a vector of bytes; fetch the file again`,
    );
  }
  return data;
}
