import { assertObject } from '../array/argument-check.ts';
import { type AnyNumbers, type Matrix, matrix, rowRange, toFlat, type View } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import { blankPicture, comfortableScale, type Picture, requireWhole } from './picture.ts';
import { drawTiles, TILE, type TileShape } from './tile-grid.ts';

const BETWEEN_STRIPS = 255;

/** As TileShape, but that `columns` counts strips: groups side by side. By default the picture is about square. */
export type StripShape = TileShape;

/**
 * Draws groups of `size` tiles that belong together, a group a row; the groups fill strips from top to bottom, and the
 * strips stand side by side, a white line between them. `groups` (n·size, d) holds the groups one after another.
 */
export function drawStrips(
  groups: Matrix,
  size: number,
  shape: StripShape,
  shade: (values: Float64Array, bytes: Uint8Array) => void,
): Picture {
  const n = groups.shape[0] / size;
  if (n < 1) throw new InputError('there are no images: give at least one row');
  assertObject(shape, 'shape', TILE);
  const { height, width, columns = 1 } = shape;
  for (const [name, value] of Object.entries({ height, width, columns })) requireWhole(name, value, 1);
  const wanted = shape.columns ?? Math.max(1, Math.round(Math.sqrt((n * height) / (size * width))));
  const perStrip = Math.ceil(n / wanted);
  const strips = Math.ceil(n / perStrip);
  const scale = shape.scale ?? comfortableScale(Math.max(strips * size * width, perStrip * height));
  const pictures = Array.from({ length: strips }, (_, strip) => {
    const end = Math.min(n, (strip + 1) * perStrip);
    const rows = rowRange(groups, strip * perStrip * size, end * size);
    return drawTiles(rows, { ...shape, columns: size, scale }, shade);
  });
  return sideBySide(pictures, Math.max(4, 2 * scale));
}

/** The pictures from left to right, their tops aligned, `gap` white pixels between them. */
function sideBySide(pictures: readonly Picture[], gap: number): Picture {
  const { height, channels } = pictures[0];
  const width = pictures.reduce((sum, picture) => sum + picture.width, (pictures.length - 1) * gap);
  const out = blankPicture(width, height, channels, BETWEEN_STRIPS);
  let left = 0;
  for (const picture of pictures) {
    const bytes = picture.width * channels;
    for (let y = 0; y < picture.height; y++) {
      out.data.set(picture.data.subarray(y * bytes, (y + 1) * bytes), (y * width + left) * channels);
    }
    left += picture.width + gap;
  }
  return out;
}

/** Row `i` of the result is row `at(i)` of one of the sources: [source, row]. */
export function gatherTiles(
  sources: readonly View<AnyNumbers>[],
  count: number,
  at: (i: number) => readonly [number, number],
): Matrix {
  const [, length] = sources[0].shape;
  const out = new Float64Array(count * length);
  for (let i = 0; i < count; i++) {
    const [source, row] = at(i);
    toFlat(rowRange(sources[source], row, row + 1), out.subarray(i * length, (i + 1) * length));
  }
  return matrix(out, count, length);
}
