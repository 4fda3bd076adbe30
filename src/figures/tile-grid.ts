import { assertObject } from '../array/argument-check.ts';
import { type AnyNumbers, rowRange, toFlat, type View } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import { blankPicture, comfortableScale, type Picture, requireWhole } from './picture.ts';

/** How a row of d = height·width·channels numbers is read as an image: order [row][column][channel]. */
export interface TileShape {
  /** Of a tile, in its own pixels. */
  readonly height: number;
  /** Of a tile, in its own pixels. */
  readonly width: number;
  /** 1 (grey) or 3 (RGB). */
  readonly channels: number;
  /** Tiles side by side; by default the picture is about square. */
  readonly columns?: number | undefined;
  /** Picture pixels per tile pixel, each way (nearest neighbour); by default the picture is about 750 pixels wide. */
  readonly scale?: number | undefined;
  /** Picture pixels between tiles and around them; by default 2, or 1 where the scale is 1. */
  readonly gap?: number | undefined;
}

/** What messages show. */
export const TILE = '{ height: 28, width: 28, channels: 1 }';
const GAP_SHADE = 40;

/**
 * Draws the rows of `x` (n, d) as tiles, left to right and top to bottom; `shade` writes the d bytes of one tile.
 * Throws an InputError if the shape does not fit the rows, or a row holds a number that is not finite.
 */
export function drawTiles(
  x: View<AnyNumbers>,
  shape: TileShape,
  shade: (values: Float64Array, bytes: Uint8Array) => void,
): Picture {
  assertObject(shape, 'shape', TILE);
  const { height, width, channels } = shape;
  const [tiles, length] = x.shape;
  requireTileShape(shape, tiles, length);

  const columns = shape.columns ?? squareColumns(tiles, height, width);
  const rows = Math.ceil(tiles / columns);
  const scale = shape.scale ?? comfortableScale(Math.max(columns * width, rows * height));
  const gap = shape.gap ?? Math.min(scale, 2);
  const stepX = width * scale + gap;
  const stepY = height * scale + gap;
  const picture = blankPicture(columns * stepX + gap, rows * stepY + gap, channels, GAP_SHADE);

  const values = new Float64Array(length);
  const bytes = new Uint8Array(length);
  for (let tile = 0; tile < tiles; tile++) {
    toFlat(rowRange(x, tile, tile + 1), values);
    if (!values.every(Number.isFinite)) throw new InputError(`row ${tile} holds a number that is not finite`);
    shade(values, bytes);
    paste(picture, bytes, shape, scale, gap + (tile % columns) * stepX, gap + Math.floor(tile / columns) * stepY);
  }
  return picture;
}

/** The number of columns that makes n tiles a square of pixels, about. */
function squareColumns(tiles: number, height: number, width: number): number {
  return Math.min(tiles, Math.max(1, Math.ceil(Math.sqrt((tiles * height) / width))));
}

/** Copies one tile to (left, top), each of its pixels scale × scale times. */
export function paste(
  picture: Picture,
  tile: Uint8Array,
  shape: Pick<TileShape, 'height' | 'width'>,
  scale: number,
  left: number,
  top: number,
): void {
  const { width, channels, data } = picture;
  for (let y = 0; y < shape.height * scale; y++) {
    const tileRow = Math.floor(y / scale) * shape.width;
    for (let x = 0; x < shape.width * scale; x++) {
      const from = (tileRow + Math.floor(x / scale)) * channels;
      const to = ((top + y) * width + left + x) * channels;
      for (let c = 0; c < channels; c++) data[to + c] = tile[from + c];
    }
  }
}

/** @throws InputError unless there are tiles, and each has the values that the shape needs. */
export function requireTileShape(shape: TileShape, tiles: number, length: number): void {
  const { height, width, channels, columns = 1, scale = 1, gap = 0 } = shape;
  requireWhole('height', height, 1);
  requireWhole('width', width, 1);
  requireWhole('columns', columns, 1);
  requireWhole('scale', scale, 1);
  requireWhole('gap', gap, 0);
  if (channels !== 1 && channels !== 3) throw new InputError(`channels is ${channels}: give 1 (grey) or 3 (RGB)`);
  if (tiles < 1) throw new InputError('there are no rows to draw: give a matrix with at least one row');
  if (height * width * channels !== length) {
    throw new InputError(
      `a row has ${length} values, but ${height} x ${width} x ${channels} needs ${height * width * channels}: ` +
        'give the height, width and channels of the images that the rows hold',
    );
  }
}
