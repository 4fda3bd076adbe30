import type { Precision } from '../array/matrix.ts';
import { numberAt } from '../array/numbers.ts';
import type { Examples } from '../data/examples.ts';
import type { ArrayOptions } from '../data/formats/array-examples.ts';
import { didYouMean } from '../data/formats/closest.ts';
import { InputError } from '../errors.ts';
import { dataSetNames, loadDataSet, type SourceOptions } from './data-sets.ts';
import { readExamples, refuseArray, refuseTable } from './files.ts';
import { imagesOf, readFolder } from './image-folder.ts';
import { labelArray, labelColumn } from './label-source.ts';
import { nearPath } from './near-path.ts';
import { kindOfPath } from './read-bytes.ts';
import type { ShardSource } from './shard-source.ts';
import { isShardFile, openNpy, openShards, readShards } from './shards.ts';

export { dataSetNames, loadLabels, type SourceOptions } from './data-sets.ts';

/**
 * The examples that a source names: a data set (mnist, mnist-test, natural-images, olivetti, cifar10, dead-leaves), a
 * file (see `readExamples`), a folder of images (see `readFolder`), a folder of shards or a .safetensors file of one tensor
 * (see `openShards`), at most 1 GiB of them. A name goes before a path; write ./mnist for a file of that name. One stack for each image size, so one entry
 * except for folders of images. Throws InputError, in one line, on unknown names and on missing, empty, cut or damaged
 * files.
 */
export async function loadExamples(source: string, options: SourceOptions = {}): Promise<Examples[]> {
  if (source === '')
    throw new InputError(`the data source is empty: give ${dataSetNames.join(', ')}, a file or a folder`);
  const { table = {}, array = {} } = options;
  if (dataSetNames.includes(source)) {
    refuseTable(source, table);
    refuseArray(source, array);
  }
  const dataSet = await loadDataSet(source, options);
  if (dataSet) return [dataSet];
  const kind = await kindOfPath(source);
  if (kind === 'folder' || (kind === 'file' && isShardFile(source))) {
    refuseTable(source, table);
    const shards = await openSource(source, options.precision ?? 'float64', array);
    if (shards) return [await readShards(shards, source, options.limit)];
    refuseArray(source, array);
    return readFolder(source);
  }
  if (kind === 'file') return [await readExamples(source, table, array)];
  const near = didYouMean(source, dataSetNames) || (await nearPath(source));
  throw new InputError(
    `${source}: there is no data set, file or folder of that name${near}: data sets are ${dataSetNames.join(', ')}`,
  );
}

/**
 * The shards that a source names, a folder of them or a .safetensors file, unread; undefined for other sources. A folder that holds
 * an image is one of images. With `alone`, an .npy file of float32 or float64 in rows, too. @throws InputError as `openShards` does.
 */
export async function openSource(
  source: string,
  precision: Precision,
  array: ArrayOptions = {},
  alone = false,
): Promise<ShardSource | undefined> {
  if (source === '' || dataSetNames.includes(source)) return undefined;
  const kind = await kindOfPath(source);
  if (kind === 'file' && alone && /\.npy$/i.test(source)) return openNpy(source, precision, array);
  if (kind === 'file') return isShardFile(source) ? openShards(source, precision, array) : undefined;
  if (kind !== 'folder') return undefined;
  return (await imagesOf(source)).names.length > 0 ? undefined : openShards(source, precision, array);
}

/** The labels that examples come with, one for each; undefined where they have none. */
export function labelsOf(stacks: readonly Examples[]): Uint32Array | undefined {
  const parts = stacks.flatMap(({ labels }) => (labels === undefined ? [] : [labels]));
  return parts.length === stacks.length ? Uint32Array.from(parts.flatMap((part) => [...part])) : undefined;
}

function labelsAt(source: string): { path: string; column?: string | number; array?: string } {
  return labelColumn(source) ?? labelArray(source) ?? { path: source };
}

/**
 * The labels that a source comes with, or labels from a file of whole numbers, one an example: IDX, .npy, .mat or .csv; from a column of a table, "digits.csv:label"; from an
 * array of a file of several, "digits.mat:y".
 * @throws InputError, naming the file.
 */
export async function labelsFrom(source: string): Promise<Uint32Array> {
  const { path, column, array } = { column: undefined, array: undefined, ...labelsAt(source) };
  const stacks = await loadExamples(path, {
    ...(column === undefined ? {} : { table: { columns: [column] } }),
    ...(array === undefined ? {} : { array: { name: array } }),
  });
  const own = labelsOf(stacks);
  if (own !== undefined) return own;
  const [{ x, treatment }] = stacks;
  if (column !== undefined && treatment !== undefined) {
    throw new InputError(
      `${source}: it holds no numbers: labels that are texts are named with --label-column ${column}`,
    );
  }
  const [rows, columns] = x.shape;
  if (columns !== 1) {
    throw new InputError(
      `${path}: it has ${columns} columns: labels are one whole number an example; of a table name the column, such as ${path}:1`,
    );
  }
  return Uint32Array.from({ length: rows }, (_, i) => {
    const label = numberAt(x.data, x.offset + i * x.stride[0]);
    if (Number.isInteger(label) && label >= 0 && label < 2 ** 32) return label;
    throw new InputError(`${path}: label ${i} is ${label}: labels are whole numbers from 0 to 2^32 − 1`);
  });
}
