import { extname, join } from 'node:path';
import { matrix, toFlat } from '../array/matrix.ts';
import { putInto, storageLike } from '../array/numbers.ts';
import type { Examples } from '../data/examples.ts';
import { foreignEnding } from '../data/formats/foreign-image.ts';
import { plainName } from '../data/formats/named-arrays.ts';
import { InputError } from '../errors.ts';
import { images, leftOut } from './files.ts';
import { type FolderFiles, filesOf, inWords } from './folder-files.ts';
import { naming, readBytes } from './read-bytes.ts';

/** An image of a folder; of a class where it lies in a folder of one. */
interface Single extends Examples {
  readonly label?: number;
}

/** A folder whose images are a class. */
interface ClassFolder extends FolderFiles {
  readonly name: string;
}

const SHOWN = 12; // classes in a note

/** A folder's images, and what else is in it. */
export async function imagesOf(folder: string): Promise<FolderFiles> {
  return filesOf(folder, (name) => images.includes(extname(name).toLowerCase()));
}

/**
 * The .png, .jpg and .jpeg files of a folder in the order of their names, grouped into one stack for each size, channel
 * count and unit; other files are left out, and counted in the first stack's notes. Where it holds none, but folders that do, each of
 * these is a class: classes in the order of their names, then files; a class is each stack's label. Throws InputError where there
 * are none, or one of them is damaged.
 */
export async function readFolder(path: string): Promise<Examples[]> {
  const own = await imagesOf(path);
  if (own.names.length > 0) return withNotes(await read(path, own.names), leftOutOf(own.counts));
  const inside: ClassFolder[] = [];
  for (const name of own.folders) inside.push({ name, ...(await imagesOf(join(path, name))) });
  const classes = inside.filter(({ names }) => names.length > 0);
  if (classes.length === 0) {
    throw new InputError(
      `${path}: the folder holds no images, nor shards${own.others && `, but ${own.others}`}: put .png, .jpg or .npy files into it${own.folders.length > 0 ? ', or name a folder in it' : ''}, or name a file${toConvert(own.counts)}`,
    );
  }
  const singles: Single[] = [];
  for (const [label, { name, names }] of classes.entries()) {
    for (const single of await read(join(path, name), names)) singles.push({ ...single, label });
  }
  // The folders that are classes are read.
  const counts = new Map(own.counts);
  const rest = inside.length - classes.length;
  if (rest > 0) counts.set('folder', rest);
  else counts.delete('folder');
  for (const { counts: more } of classes) {
    for (const [kind, n] of more) counts.set(kind, (counts.get(kind) ?? 0) + n);
  }
  const listed = classes.slice(0, SHOWN).map(({ name, names }) => `${plainName(name)} (${names.length})`);
  const more = classes.length > SHOWN ? ', …' : '';
  const said = `${classes.length} classes, a folder each: ${listed.join(', ')}${more}`;
  const named = withNotes(singles, [...(classes.length > 1 ? [said] : []), ...leftOutOf(counts)]);
  return named.map((stack) => ({ ...stack, classes: classes.map(({ name }) => name) }));
}

async function read(folder: string, names: readonly string[]): Promise<Single[]> {
  const { imageExample } = await import('../data/formats/image.ts');
  const singles: Single[] = [];
  for (const name of names) {
    const file = join(folder, name);
    const bytes = await readBytes(file);
    singles.push(await naming(file, () => imageExample(bytes)));
  }
  return singles;
}

/** Images as stacks, one for each shape and unit; the first has the notes. */
function withNotes(singles: readonly Single[], notes: readonly string[]): Examples[] {
  const groups = new Map<string, Single[]>();
  for (const single of singles) {
    const key = JSON.stringify([single.image, single.unit]);
    const group = groups.get(key);
    if (group) group.push(single);
    else groups.set(key, [single]);
  }
  const turned = singles.filter((single) => single.notes !== undefined).length;
  const all = [
    ...notes,
    ...(turned === 0 ? [] : [`${turned} of ${singles.length} images turned upright, as their EXIF orientation says`]),
  ];
  const [first, ...rest] = [...groups.values()].map(stack);
  return [all.length === 0 ? first : { ...first, notes: all }, ...rest];
}

/** Single images of one shape and unit as one stack. */
function stack(singles: readonly Single[]): Examples {
  const { x, unit, image, label } = singles[0];
  const d = x.shape[1];
  const data = storageLike(x.data, singles.length * d);
  singles.forEach((single, i) => {
    putInto(data, toFlat(single.x), i * d);
  });
  const labels = label === undefined ? {} : { labels: Uint32Array.from(singles, (single) => single.label ?? 0) };
  return { x: matrix(data, singles.length, d), unit, ...(image ? { image } : {}), ...labels };
}

function leftOutOf(counts: ReadonlyMap<string, number>): string[] {
  return counts.size === 0 ? [] : [leftOut(inWords(counts), '.png and .jpg') + toConvert(counts)];
}

/** What to do about images that are not read. */
function toConvert(counts: ReadonlyMap<string, number>): string {
  const foreign = [...counts.keys()].filter((ending) => foreignEnding(ending) !== undefined);
  return foreign.length === 0 ? '' : `; convert ${foreign.sort().join(', ')} to .png`;
}
