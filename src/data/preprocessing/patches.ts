import { matrix } from '../../array/matrix.ts';
import { commonStorage, elementsOf, numberAt } from '../../array/numbers.ts';
import { fillUniform, stream } from '../../array/random.ts';
import { typeOf } from '../../array/type-of.ts';
import { InputError } from '../../errors.ts';
import type { Examples, ImageShape } from '../examples.ts';

/** How many square patches of what size are cut out of images. */
export interface PatchOptions {
  /** Height and width of a patch in pixels. */
  readonly size: number;
  /** How many patches, in all. */
  readonly count: number;
  /** Of the images and places that patches are cut from. */
  readonly seed: number;
}

const LIMIT_NUMBERS = 2 ** 31;

/** The images' shapes, when all stacks are images of one channel count and one unit, none smaller than a patch. */
function checkStacks(stacks: readonly Examples[], size: number): ImageShape[] {
  if (stacks.length === 0) throw new InputError('cannot cut patches: no images were given');
  return stacks.map(({ image, unit }) => {
    if (!image) throw new InputError('cannot cut patches: the data have no image shape; give images');
    const { height, width, channels } = image;
    if (channels !== stacks[0].image?.channels || unit !== stacks[0].unit) {
      throw new InputError(
        'cannot cut patches: the images differ in channels or bits; convert all to one kind (toGray)',
      );
    }
    if (size > Math.min(height, width)) {
      throw new InputError(
        `patch size is ${size}: an image has ${height} by ${width} pixels; choose at most ${Math.min(height, width)}`,
      );
    }
    return image;
  });
}

/**
 * `count` square patches, (count, size·size·channels), each [row][column][channel]: the image is uniform over all
 * images of all stacks, the top-left corner uniform over those that fit. Patch i depends on (seed, i) and the images
 * alone, so a longer run begins with a shorter one's patches. Throws InputError where a patch does not fit.
 */
export function samplePatches(stacks: readonly Examples[], { size, count, seed }: PatchOptions): Examples {
  for (const [name, value] of [
    ['patch size', size],
    ['number of patches', count],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new InputError(`${name} is ${value}: it must be an integer of at least 1`);
    }
  }
  const shapes = checkStacks(stacks, size);
  const { channels } = shapes[0];
  const line = size * channels;
  const d = size * line;
  if (count * d > LIMIT_NUMBERS) {
    throw new InputError(`${count} patches of ${d} numbers are more than 2^31 numbers: ask for fewer or smaller ones`);
  }
  const images = stacks.reduce((sum, stack) => sum + stack.x.shape[0], 0);
  const out = commonStorage(
    stacks.map(({ x }) => x.data),
    count * d,
  );
  const to = elementsOf(out);
  const u = new Float64Array(3);
  for (let i = 0, q = 0; i < count; i++) {
    fillUniform(u, { seed, stream: stream.patches, counter: i });
    let index = Math.floor(u[0] * images);
    let s = 0;
    while (index >= stacks[s].x.shape[0]) index -= stacks[s++].x.shape[0];
    const { x } = stacks[s];
    const stored = typeOf(x.data) === typeOf(out) ? elementsOf(x.data) : null;
    const { height, width } = shapes[s];
    const top = Math.floor(u[1] * (height - size + 1));
    const left = Math.floor(u[2] * (width - size + 1));
    for (let row = top; row < top + size; row++) {
      let p = x.offset + index * x.stride[0] + (row * width + left) * channels * x.stride[1];
      for (let j = 0; j < line; j++, p += x.stride[1]) to[q++] = stored === null ? numberAt(x.data, p) : stored[p];
    }
  }
  return { x: matrix(out, count, d), unit: stacks[0].unit, image: { height: size, width: size, channels } };
}
