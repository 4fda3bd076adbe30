import { extname, join } from 'node:path';
import { type AnyNumbers, matrix, toFlat } from '../array/matrix.ts';
import type { Examples } from '../data/examples.ts';
import type { ArrayOptions } from '../data/formats/array-examples.ts';
import { isGzip } from '../data/formats/gzip.ts';
import { idxExamples, isIdx } from '../data/formats/idx.ts';
import { isNpy, npyExamples } from '../data/formats/npy.ts';
import { rawExamples } from '../data/formats/raw-f32.ts';
import type { TableOptions } from '../data/formats/table/table-options.ts';
import { InputError } from '../errors.ts';
import { type FolderFiles, filesOf } from './folder-files.ts';
import { naming, readBytes } from './read-bytes.ts';
import { readText } from './read-json.ts';
import { unpack } from './unpack.ts';

const LIMIT_UNPACKED = 2 ** 30; // bytes in a .gz file: twenty times MNIST
const raw = ['.f32', '.f64', '.u8'];
const texts = ['.csv', '.tsv', '.txt'];
/** Endings that others give to tables, and to much else: content goes first. */
const data = ['.dat', '.asc', '.data'];
/** Tables in files of their own kind. */
const columnar = ['.parquet', '.arrow', '.feather', '.jsonl', '.ndjson', '.libsvm', '.svm', '.svmlight'];
const images = ['.png', '.jpg', '.jpeg'];

/** The bytes of a file, unpacked where they begin as a gzip file. */
export async function readUnpacked(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readBytes(path);
  return isGzip(bytes) ? naming(path, () => unpack(bytes, LIMIT_UNPACKED)) : bytes;
}

/**
 * The examples in a file. Told by its first bytes: .npy, IDX, PNG, JPEG, each of them also in gzip; told by its name:
 * .csv .tsv .txt, read as `table` says, and .f32 .f64 .u8 with a .json beside it; arrays are read as `array` says. Throws InputError, naming the file, on
 * anything else.
 */
export async function readExamples(
  path: string,
  table: TableOptions = {},
  array: ArrayOptions = {},
): Promise<Examples> {
  const name = path.replace(/\.gz$/i, '');
  const extension = extname(name).toLowerCase();
  if (!isTable(path)) refuseTable(path, table);
  const bytes = await readUnpacked(path);
  if (raw.includes(extension)) {
    // First of all: bare numbers may begin with any bytes.
    const description = await readText(`${name.slice(0, -extension.length)}.json`);
    return naming(path, () => rawExamples(bytes, description, array));
  }
  return naming(path, async () => {
    if (isNpy(bytes) || extension === '.npy') return npyExamples(bytes, array);
    if (isIdx(bytes) && ![...images, ...texts, ...columnar].includes(extension)) return idxExamples(bytes, array);
    // The packages that read these are loaded when they are needed: MNIST is read without.
    const { imageExample, isImage } = await import('../data/formats/image.ts');
    if (isImage(bytes) || images.includes(extension)) {
      refuseArray(path, array);
      return imageExample(bytes);
    }
    if (isTable(name)) {
      refuseArray(path, { axes: array.axes });
      const { readTable } = await import('./tables.ts');
      const unit = array.unit ?? array.match?.unit;
      const examples = await readTable(name, bytes, table);
      return unit === undefined ? examples : { ...examples, unit };
    }
    if (extension.endsWith('-ubyte')) return idxExamples(bytes, array);
    if (isZip(bytes)) {
      throw new InputError(
        "it is a zip archive, as .npz files are: write the array that is wanted as .npy: numpy.save('x.npy', numpy.load('x.npz')['name'])",
      );
    }
    throw new InputError(
      'neither its content nor its name is known: give IDX, .npy, .safetensors, .csv, .f32, .png or .jpg, or a folder of images',
    );
  });
}

/** Whether a path names a table: by its ending. */
export function isTable(path: string): boolean {
  return [...texts, ...data, ...columnar].includes(extname(path.replace(/\.gz$/i, '')).toLowerCase());
}

/** Refuses what is asked of a table where the source is none. `match` asks for nothing where there are no names. */
export function refuseTable(source: string, { match: _, gaps, ...asked }: TableOptions): void {
  const [option] = Object.keys({ ...asked, ...(gaps === 'drop' ? { 'drop-rows': gaps } : {}) });
  if (option === undefined) return;
  throw new InputError(
    `${source}: it is no table, and ${option} tells how to read one: leave it out, or name a .csv file`,
  );
}

/** Refuses what is asked of an array where the source is none. What is known of other data asks for nothing. */
export function refuseArray(source: string, { axes, unit }: ArrayOptions): void {
  const [option] = Object.entries({ axes, unit }).find(([, value]) => value !== undefined) ?? [];
  if (option === undefined) return;
  throw new InputError(
    `${source}: it has ${option} of its own, and ${option} (--${option}) tells how to read an array: leave it out, or name an array such as x.npy`,
  );
}

/** Whether the bytes begin as a zip archive: "PK", then a file or, in an empty archive, the end. */
function isZip([p, k, three, four]: Uint8Array): boolean {
  return p === 0x50 && k === 0x4b && ((three === 3 && four === 4) || (three === 5 && four === 6));
}

/** Single images of one shape and unit as one stack. */
function stack(singles: readonly Examples[]): Examples {
  const { x, unit, image } = singles[0];
  const d = x.shape[1];
  const data = new (x.data.constructor as new (length: number) => AnyNumbers)(singles.length * d);
  singles.forEach((single, i) => {
    data.set(toFlat(single.x), i * d);
  });
  return { x: matrix(data, singles.length, d), unit, ...(image ? { image } : {}) };
}

/** A folder's images, and what else is in it. */
export async function imagesOf(folder: string): Promise<FolderFiles> {
  return filesOf(folder, (name) => images.includes(extname(name).toLowerCase()));
}

/**
 * The .png, .jpg and .jpeg files of a folder in the order of their names, grouped into one stack for each size, channel
 * count and unit; other files are left out, and counted in the first stack's notes. Throws InputError where there are none,
 * or one of them is damaged.
 */
export async function readFolder(path: string): Promise<Examples[]> {
  const { names, others } = await imagesOf(path);
  if (names.length === 0) {
    throw new InputError(
      `${path}: the folder holds no images, nor shards${others && `, but ${others}`}: put .png, .jpg or .npy files into it, or name a file`,
    );
  }
  const { imageExample } = await import('../data/formats/image.ts');
  const groups = new Map<string, Examples[]>();
  for (const name of names) {
    const file = join(path, name);
    const bytes = await readBytes(file);
    const single = await naming(file, () => imageExample(bytes));
    const key = JSON.stringify([single.image, single.unit]);
    const group = groups.get(key);
    if (group) group.push(single);
    else groups.set(key, [single]);
  }
  const [first, ...rest] = [...groups.values()].map(stack);
  return [others === '' ? first : { ...first, notes: [leftOut(others, '.png and .jpg')] }, ...rest];
}

/** What is said of files that are not read. */
export function leftOut(others: string, read: string): string {
  return `${others} left out: ${read} files are read`;
}
