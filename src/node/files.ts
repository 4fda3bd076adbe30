import { extname } from 'node:path';
import type { Examples } from '../data/examples.ts';
import type { ArrayOptions } from '../data/formats/array-examples.ts';
import { idxExamples, isIdx } from '../data/formats/idx.ts';
import { isMat } from '../data/formats/mat-refused.ts';
import { isNpy, npyExamples } from '../data/formats/npy.ts';
import { rawExamples } from '../data/formats/raw-f32.ts';
import type { TableOptions } from '../data/formats/table/table-options.ts';
import { isZip } from '../data/formats/zip/zip.ts';
import { InputError, show } from '../errors.ts';
import { naming, readBytes, readPacked } from './read-bytes.ts';
import { readText } from './read-json.ts';

const LIMIT_UNPACKED = 2 ** 30; // bytes in a .gz file: twenty times MNIST
const raw = ['.f32', '.f64', '.u8'];
const texts = ['.csv', '.tsv', '.txt'];
/** Endings that others give to tables, and to much else: content goes first. */
const data = ['.dat', '.asc', '.data'];
/** Tables in files of their own kind. */
const columnar = ['.parquet', '.arrow', '.feather', '.jsonl', '.ndjson', '.libsvm', '.svm', '.svmlight'];
/** Of images that are read. */
export const images = ['.png', '.jpg', '.jpeg'];

/** The bytes of a file, unpacked where they begin as a gzip file. */
export async function readUnpacked(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return (await readPacked(path, LIMIT_UNPACKED)) ?? readBytes(path);
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
    return naming(path, () => rawExamples(bytes, description, unnamed(path, array)));
  }
  return naming(path, async () => {
    if (isMat(bytes) || extension === '.mat') {
      const { matExamples } = await import('../data/formats/mat.ts');
      return matExamples(bytes, array);
    }
    if (isZip(bytes) || extension === '.npz') {
      const { npzExamples } = await import('../data/formats/npz.ts');
      return npzExamples(bytes, array);
    }
    if (isNpy(bytes) || extension === '.npy') return npyExamples(bytes, unnamed(path, array));
    if (isIdx(bytes) && ![...images, ...texts, ...columnar].includes(extension)) {
      return idxExamples(bytes, unnamed(path, array));
    }
    // The packages that read these are loaded when they are needed: MNIST is read without.
    const { imageExample, isImage } = await import('../data/formats/image.ts');
    if (isImage(bytes) || images.includes(extension)) {
      refuseArray(path, array);
      return imageExample(bytes);
    }
    if (isTable(name)) {
      refuseArray(path, { axes: array.axes, name: array.name });
      const { readTable } = await import('./tables.ts');
      const unit = array.unit ?? array.match?.unit;
      const examples = await readTable(name, bytes, table);
      return unit === undefined ? examples : { ...examples, unit };
    }
    if (extension.endsWith('-ubyte')) return idxExamples(bytes, unnamed(path, array));
    const { foreignEnding, foreignError, foreignImage } = await import('../data/formats/foreign-image.ts');
    const foreign = foreignImage(bytes) ?? foreignEnding(extension);
    if (foreign !== undefined) throw foreignError(foreign);
    const { cifarExamples, cifarKind } = await import('../data/formats/cifar.ts');
    const kind = extension === '.bin' ? cifarKind(bytes) : undefined;
    if (kind !== undefined) {
      refuseArray(path, { ...array, ...(/^(coarse|fine)$/.test(array.name ?? '') ? { name: undefined } : {}) });
      return { ...cifarExamples(bytes, kind, array.name === 'coarse'), notes: [`read as the records of ${kind}`] };
    }
    throw new InputError(
      'neither its content nor its name is known: give IDX, .npy, .npz, .mat, .safetensors, .csv, .f32, .png or .jpg, or a folder of images',
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
export function refuseArray(source: string, { axes, unit, name }: ArrayOptions): void {
  unnamed(source, { name });
  const [option] = Object.entries({ axes, unit }).find(([, value]) => value !== undefined) ?? [];
  if (option === undefined) return;
  throw new InputError(
    `${source}: it has ${option} of its own, and ${option} (--${option}) tells how to read an array: leave it out, or name an array such as x.npy`,
  );
}

/** The options as they are. Throws InputError where they name an array of a source that does not hold several. */
export function unnamed(source: string, options: ArrayOptions): ArrayOptions {
  if (options.name === undefined) return options;
  throw new InputError(
    `${source}: name (--array) is ${show(options.name)}, and it is no file of arrays by name, as .mat, .npz and .safetensors are: leave it out`,
  );
}

/** What is said of files that are not read. */
export function leftOut(others: string, read: string): string {
  return `${others} left out: ${read} files are read`;
}
