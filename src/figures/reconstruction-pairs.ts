import type { AnyNumbers, View } from '../array/matrix.ts';
import { assertView } from '../array/view-check.ts';
import { InputError } from '../errors.ts';
import { shadeImage } from './image-tiles.ts';
import type { Picture } from './picture.ts';
import { drawStrips, gatherTiles, type StripShape } from './tile-strips.ts';

/**
 * What a model makes of examples: rows of input, corrupted input and reconstruction, or of input and reconstruction
 * where `corrupted` is null. All are (n, d); a few dozen examples read well. `range` is [black, white]; values outside
 * it are drawn as its ends. Throws an InputError if shapes do not fit, the range is empty, or a value is not finite.
 */
export function reconstructionPairs(
  x: View<AnyNumbers>,
  corrupted: View<AnyNumbers> | null,
  reconstructions: View<AnyNumbers>,
  shape: StripShape,
  range: readonly [number, number] = [0, 1],
): Picture {
  requirePairs(x, corrupted, reconstructions);
  const images = corrupted === null ? [x, reconstructions] : [x, corrupted, reconstructions];
  const size = images.length;
  const groups = gatherTiles(images, x.shape[0] * size, (i) => [i % size, Math.floor(i / size)]);
  return drawStrips(groups, size, shape, shadeImage(range));
}

/** @throws InputError unless corrupted images, where there are any, and reconstructions have the shape of x. */
export function requirePairs(
  x: View<AnyNumbers>,
  corrupted: View<AnyNumbers> | null,
  reconstructions: View<AnyNumbers>,
): void {
  assertView(x, 'x');
  const given = { corrupted, reconstructions };
  for (const [name, other] of Object.entries(given)) {
    if (other === null) continue;
    assertView(other, name);
    if (other.shape[0] === x.shape[0] && other.shape[1] === x.shape[1]) continue;
    throw new InputError(
      `${name} has shape (${other.shape.join(', ')}), but x has (${x.shape.join(', ')}): give an image for each image of x`,
    );
  }
}
