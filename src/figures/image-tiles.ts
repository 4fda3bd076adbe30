import type { AnyNumbers, Matrix } from '../array/matrix.ts';
import { assertView } from '../array/view-check.ts';
import { InputError } from '../errors.ts';
import type { Picture } from './picture.ts';
import { drawTiles, type TileShape } from './tile-grid.ts';

/**
 * Images, say inputs or reconstructions: each row of `x` (m, d) is a tile. `range` is [black, white], in the units of
 * x; values outside it are drawn as its ends. Throws an InputError if shape and x do not fit, the range is empty, or
 * a value is not finite.
 */
export function imageTiles(
  x: Matrix<AnyNumbers>,
  shape: TileShape,
  range: readonly [number, number] = [0, 1],
): Picture {
  assertView(x, 'x');
  return drawTiles(x, shape, shadeImage(range));
}

/** Writes the shades of an image's values. Throws an InputError if the range is empty. */
export function shadeImage([black, white]: readonly [number, number]): (row: Float64Array, bytes: Uint8Array) => void {
  if (!(Number.isFinite(black) && Number.isFinite(white) && black < white)) {
    throw new InputError(`range is [${black}, ${white}]: give two finite numbers, the lower first`);
  }
  return (row, bytes) => {
    for (let j = 0; j < row.length; j++) {
      const share = (row[j] - black) / (white - black);
      bytes[j] = Math.round(255 * Math.min(1, Math.max(0, share)));
    }
  };
}
