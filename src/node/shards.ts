import { join } from 'node:path';
import { type AnyNumbers, matrix, type Precision, type View } from '../array/matrix.ts';
import { typeOf } from '../array/type-of.ts';
import type { Examples } from '../data/examples.ts';
import { refuseNonFinite } from '../data/finite.ts';
import type { ArrayOptions } from '../data/formats/array-examples.ts';
import { DARK, largestByte } from '../data/formats/byte-unit.ts';
import { isNpy, readNpyHeader } from '../data/formats/npy.ts';
import { descriptionOf, isShardName, joinShards, type Shards, storedIn, unitOfShards } from '../data/formats/shards.ts';
import type { StoredTensor } from '../data/formats/tensor.ts';
import { blockRows } from '../data/stream/blocks.ts';
import { InputError } from '../errors.ts';
import { isContextsOf } from './contexts.ts';
import { leftOut, unnamed } from './files.ts';
import { type FolderFiles, filesOf } from './folder-files.ts';
import { openRegular } from './open-file.ts';
import { fileError, kindOfPath, naming, readBytes } from './read-bytes.ts';
import { ShardSource } from './shard-source.ts';

const HEAD = 2 ** 16; // bytes that are read of each file
const LIMIT_HEADER = 100_000_008; // of .safetensors: the format's own
const LIMIT_DESCRIPTION = 2 ** 26; // of a .json beside a shard
const AT_ONCE = 2 ** 30; // bytes that are read into memory whole

const packed = /\.gz$/i;

/** A folder's shards, and what else is in it. Throws InputError on shards that are packed. */
async function shardsOf(folder: string): Promise<FolderFiles> {
  // A description belongs to its numbers, and what is packed to its like beside it.
  const goesAlong = (name: string, all: ReadonlySet<string>) =>
    ['.f32', '.f64', '.u8'].some((ending) => all.has(name.replace(/\.json$/i, ending)) && /\.json$/i.test(name)) ||
    isContextsOf(name, all) ||
    (packed.test(name) && all.has(name.replace(packed, '')));
  const isPacked = (name: string) => packed.test(name) && isShardName(name.replace(packed, ''));
  const all = new Set((await filesOf(folder, () => true)).names);
  const alone = [...all].find((name) => isPacked(name) && !goesAlong(name, all));
  if (alone !== undefined) {
    throw new InputError(`${join(folder, alone)}: shards are read in parts, so they cannot be packed: gunzip it`);
  }
  return filesOf(folder, isShardName, goesAlong);
}

/** Whether a path names a file that can be read as one shard, without a folder: by its ending. */
export function isShardFile(path: string): boolean {
  return /\.safetensors$/i.test(path);
}

/**
 * A folder of shards as one data set, in the order of their names: .npy, .safetensors, of which `name` chooses a tensor, IDX (.idx, …-ubyte),
 * and .f32, .f64, .u8 with a .json beside each; an example a row, all of one shape and type; some may be empty. Other
 * files are left out, which its notes say. A .safetensors file, too, as a folder of that shard alone. Reads their headers alone, and
 * bytes until one is above 31, whose unit is 1 where all are 0 and 1 (see `ArrayOptions`); numbers wider than `precision` are rounded
 * to it when they are read.
 * Undefined where there are none. @throws InputError, naming the file, where one is damaged or unlike the first.
 */
export async function openShards(
  folder: string,
  precision: Precision,
  options: ArrayOptions = {},
): Promise<ShardSource | undefined> {
  if (typeof folder === 'string' && isShardFile(folder) && (await kindOfPath(folder)) === 'file') {
    const parts = [{ name: folder, stored: await storedAt('', folder, options) }];
    return sourceOf('', joinShards(parts, options), precision, options);
  }
  const { names, others } = await shardsOf(folder);
  if (names.length === 0) return undefined;
  const parts: { name: string; stored: StoredTensor }[] = [];
  for (const name of names) parts.push({ name, stored: await storedAt(folder, name, options) });
  const shards = await naming(folder, () => joinShards(parts, options));
  return sourceOf(
    folder,
    shards,
    precision,
    options,
    others === '' ? [] : [leftOut(others, '.npy, .safetensors, .f32 and IDX')],
  );
}

/**
 * An .npy file of float32 or float64 in rows, as a folder of that shard alone; undefined for other arrays, which are read whole.
 * @throws InputError where it is damaged.
 */
export async function openNpy(
  path: string,
  precision: Precision,
  options: ArrayOptions = {},
): Promise<ShardSource | undefined> {
  const { head } = await headOf(path, HEAD);
  if (!isNpy(head)) return undefined; // packed, or another format under this name
  const { fortran, shape, kind } = await naming(path, () => readNpyHeader(head).header);
  if (fortran || shape.length !== 2 || (kind !== 'f4' && kind !== 'f8') || options.axes !== undefined) return undefined;
  const parts = [{ name: path, stored: await storedAt('', path, options) }];
  return sourceOf('', joinShards(parts, options), precision, options);
}

/** Of shards whose headers are read, with what is to be said of them. */
async function sourceOf(
  folder: string,
  shards: Shards,
  precision: Precision,
  options: ArrayOptions,
  said: readonly string[] = [],
): Promise<ShardSource> {
  const units = await unitOfShards(shards, options, () => largestByteOf(folder, shards));
  const notes = [...(units.notes ?? []), ...said];
  return new ShardSource(folder, shards, precision, { ...units, ...(notes.length > 0 ? { notes } : {}) });
}

/** The largest byte of all rows, or one that tells enough. */
async function largestByteOf(folder: string, shards: Shards): Promise<number> {
  const source = new ShardSource(folder, shards, 'float32', { unit: 1 });
  const [m, d] = source.shape;
  const rows = blockRows(m, d);
  let most = 0;
  let old: View<AnyNumbers> | undefined;
  for (let begin = 0; begin < m && most <= DARK; begin += rows) {
    old = await source.read(begin, Math.min(m, begin + rows), old);
    most = largestByte(old.data, most);
  }
  return most;
}

/** Where the numbers of one shard lie. */
async function storedAt(folder: string, name: string, options: ArrayOptions): Promise<StoredTensor> {
  const path = join(folder, name);
  const beside = descriptionOf(name);
  const description =
    beside === null ? null : new TextDecoder().decode(await readBytes(join(folder, beside), LIMIT_DESCRIPTION));
  let { head, size } = await headOf(path, HEAD);
  if (/\.safetensors$/i.test(name) && head.length === HEAD) {
    const header = 8 + Number(new DataView(head.buffer, head.byteOffset).getBigUint64(0, true));
    if (header > HEAD && header <= Math.min(size, LIMIT_HEADER)) ({ head, size } = await headOf(path, header));
  }
  if (!isShardFile(name)) unnamed(path, options);
  return naming(path, () => storedIn(name, head, size, description, options));
}

/** The first bytes of a file, at most `most`, and how many it has. */
async function headOf(path: string, most: number): Promise<{ head: Uint8Array; size: number }> {
  try {
    const file = await openRegular(path);
    try {
      const { size } = await file.stat();
      const head = new Uint8Array(Math.min(most, size));
      const { bytesRead } = await file.read(head, 0, head.length, 0);
      return { head: head.subarray(0, bytesRead), size };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(path, error);
  }
}

/** The first `limit` examples of a source, or all, in memory. Throws InputError where they take more than 1 GiB. */
export async function readShards(source: ShardSource, folder: string, limit?: number): Promise<Examples> {
  const [all, d] = source.shape;
  const m = Math.min(all, limit ?? all);
  const bytes = m * d * source.numberBytes;
  if (bytes > AT_ONCE) {
    const gigabytes = (bytes / 2 ** 30).toFixed(1);
    throw new InputError(
      `${folder}: its ${m} examples take ${gigabytes} GiB, and at most 1 is read at once; only rhohat train reads blocks: take the first ones (--limit)`,
    );
  }
  return readRows(source, 0, m);
}

/** Rows begin … end−1 of a source. @throws InputError where one holds what is not finite. */
export async function readRows(source: ShardSource, begin: number, end: number): Promise<Examples> {
  const { data } = await source.read(begin, end);
  const x = matrix(data, end - begin, source.shape[1]);
  // Whoever takes the examples checks them too, but no longer knows the files.
  if (/float/i.test(typeOf(data))) {
    refuseNonFinite(x, 'data', (row) => source.where(begin + row));
  }
  return { x, ...source.reading };
}
