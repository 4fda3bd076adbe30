import { extname, join } from 'node:path';
import { type AnyNumbers, matrix, toFlat } from '../array/matrix.ts';
import type { Examples } from '../data/examples.ts';
import { InputError } from '../errors.ts';
import { images, leftOut } from './files.ts';
import { type FolderFiles, filesOf } from './folder-files.ts';
import { naming, readBytes } from './read-bytes.ts';

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
