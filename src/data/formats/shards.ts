import { InputError } from '../../errors.ts';
import type { ImageShape } from '../examples.ts';
import { type ArrayOptions, unitOf } from './array-examples.ts';
import { axesOf, isInOrder, shaped } from './axes.ts';
import { storedIdx } from './idx.ts';
import { storedNpy } from './npy.ts';
import type { NumberKind } from './number-bytes.ts';
import { storedRaw } from './raw-f32.ts';
import { storedSafetensor } from './safetensors-header.ts';
import type { StoredTensor } from './tensor.ts';

/** A file of a data set that is spread over several: where its rows lie, and which of all rows is its first. */
export interface Shard {
  readonly name: string;
  readonly rows: number;
  /** The row of the whole set that its first one is. */
  readonly first: number;
  readonly start: number;
  readonly littleEndian: boolean;
}

/** Shards that belong together. */
export interface Shards {
  readonly shape: readonly [m: number, d: number];
  readonly kind: NumberKind;
  readonly isBoolean: boolean;
  readonly image?: ImageShape | undefined;
  readonly axes: string;
  readonly shards: readonly Shard[];
}

const extensions = /\.(npy|safetensors|f32|f64|u8|idx)$|-ubyte$/i;
const described = /\.(f32|f64|u8)$/i;

/** Whether a file of this name is a shard: .npy, .safetensors, .idx, …-ubyte, and .f32, .f64, .u8 with a .json beside it. */
export function isShardName(name: string): boolean {
  return !name.startsWith('.') && extensions.test(name);
}

/** The name of the JSON file that describes this one; null where the file describes itself. */
export function descriptionOf(name: string): string | null {
  return described.test(name) ? name.replace(described, '.json') : null;
}

/** Where the numbers of a shard of `size` bytes lie, from its first bytes. Throws InputError where it is damaged. */
export function storedIn(
  name: string,
  head: Uint8Array,
  size: number,
  description: string | null,
  asked: ArrayOptions = {},
): StoredTensor {
  if (description !== null) return storedRaw(size, description);
  if (/\.npy$/i.test(name)) return storedNpy(head, size);
  if (/\.safetensors$/i.test(name)) return storedSafetensor(head, size, asked);
  return storedIdx(head, size);
}

/**
 * The parts as one data set, in their order; their axes are `axes`, or what the shapes tell. Throws InputError, naming the
 * file, where one does not go with the first, and where the first axis does not count the examples.
 */
export function joinShards(
  parts: readonly { readonly name: string; readonly stored: StoredTensor }[],
  { axes: asked, match }: ArrayOptions = {},
): Shards {
  const [begin] = parts;
  const shapes = parts.map(({ stored }) => stored.shape);
  const axes = axesOf(shapes, begin.name, { asked, known: match?.axes });
  if (!isInOrder(axes) || !axes.startsWith('m')) {
    throw new InputError(
      `${begin.name}: axes is ${axes}, and shards are read in parts, an example after the other: bring them to md, mhw or mhwc with numpy.transpose`,
    );
  }
  const like = shaped(axes, begin.stored.shape);
  const type = typeOf(begin.stored);
  let first = 0;
  const shards = parts.map(({ name, stored }): Shard => {
    const { shape, start, littleEndian } = stored;
    const differs = (what: string, given: unknown, wanted: unknown) =>
      new InputError(
        `${name}: its ${what} ${given}, in ${begin.name} ${wanted}: all files must be alike; move it away`,
      );
    const own = shaped(shape.length === axes.length ? axes : axesOf([shape], name), shape);
    if (own.columns !== like.columns || JSON.stringify(own.image) !== JSON.stringify(like.image)) {
      throw differs('examples are', shown(shape), shown(begin.stored.shape));
    }
    if (typeOf(stored) !== type) throw differs('numbers are', typeOf(stored), type);
    const shard = { name, rows: shape[0], first, start, littleEndian };
    first += shape[0];
    return shard;
  });
  if (first === 0 || like.columns === 0) {
    const beside = parts.length === 1 ? '' : `, nor in the ${parts.length - 1} files beside it`;
    throw new InputError(`${begin.name}: there are no examples in it${beside}`);
  }
  if (first >= 2 ** 32) throw new InputError(`there are ${first} examples: there must be fewer than 2^32`);
  const { kind, isBoolean } = begin.stored;
  const { columns, image } = like;
  return { shape: [first, columns], kind, isBoolean, ...(image ? { image } : {}), axes, shards };
}

/** The unit of shards, and what is to be said of it. `largest` looks through all of their bytes, where they decide. */
export async function unitOfShards(
  { kind, isBoolean }: Shards,
  options: ArrayOptions,
  largest: () => Promise<number>,
): Promise<ReturnType<typeof unitOf>> {
  const isByte = kind === 'u1';
  const decides =
    isByte && !isBoolean && (options.unit ?? options.match?.unit ?? options.match?.byteUnit) === undefined;
  const most = decides ? await largest() : 0;
  return unitOf({ isByte, isBoolean }, options, () => most);
}

const names: Readonly<Record<string, string>> = { f: 'float', bf: 'bfloat', i: 'int', u: 'uint' };

/** float32, uint8, …; bool. */
function typeOf({ kind, isBoolean }: StoredTensor): string {
  const [letter, bytes] = [kind.replace(/\d/, ''), Number(kind.at(-1))];
  return isBoolean ? 'bool' : `${names[letter]}${8 * bytes}`;
}

function shown(shape: readonly number[]): string {
  return `(${['m', ...shape.slice(1)].join(', ')})`;
}
