import { assertObject } from '../array/argument-check.ts';
import { type AnyNumbers, rowRange, toFlat, type View } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import { shadeImage } from './image-tiles.ts';
import type { Picture } from './picture.ts';
import { requirePairs } from './reconstruction-pairs.ts';
import { requireTileShape, TILE, type TileShape } from './tile-grid.ts';
import { drawTileRows } from './tile-rows.ts';
import { widthOf } from './width.ts';

/** Shades and size of the picture. */
export interface ReconstructionSheetOptions {
  /** [black, white]; values outside are drawn as its ends. Default [0, 1]. */
  readonly range?: readonly [number, number] | undefined;
  /** In pixels; default 760. */
  readonly width?: number | undefined;
}

/**
 * What a model makes of examples, with words: a row of inputs, of corrupted inputs where `corrupted` is not null, and of
 * reconstructions, each (n, d), an example a column under its number, from 0. Throws an InputError if shapes do not fit, the range is
 * empty, or a value is not finite.
 */
export function reconstructionSheet(
  x: View<AnyNumbers>,
  corrupted: View<AnyNumbers> | null,
  reconstructions: View<AnyNumbers>,
  shape: Pick<TileShape, 'height' | 'width' | 'channels'>,
  options: ReconstructionSheetOptions = {},
): Picture {
  requirePairs(x, corrupted, reconstructions);
  assertObject(shape, 'shape', TILE);
  const { range = [0, 1] } = options;
  const [n, d] = x.shape;
  if (n < 1) throw new InputError('there are no images: give at least one row');
  requireTileShape({ height: shape.height, width: shape.width, channels: shape.channels }, n, d);
  const shade = shadeImage(range);
  const row = (name: string, rows: View<AnyNumbers>) => ({ name, shades: shadesOf(rows, shade) });
  const from = corrupted === null ? 'the input' : 'the corrupted input, which is all that the model saw';
  return drawTileRows({
    title: `${n === 1 ? '1 example' : `${n} examples`} and what the model makes of ${n === 1 ? 'it' : 'them'}`,
    notes: [`Reconstructions are made from ${from}. Numbers are the examples', from 0.`],
    rows: [
      row('input', x),
      ...(corrupted === null ? [] : [row('corrupted', corrupted)]),
      row('reconstruction', reconstructions),
    ],
    heads: Array.from({ length: n }, (_, i) => String(i)),
    shape,
    width: widthOf(options.width),
  });
}

function shadesOf(x: View<AnyNumbers>, shade: (values: Float64Array, bytes: Uint8Array) => void): Uint8Array {
  const [n, d] = x.shape;
  const out = new Uint8Array(n * d);
  const values = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    toFlat(rowRange(x, i, i + 1), values);
    if (!values.every(Number.isFinite)) throw new InputError(`row ${i} holds a number that is not finite`);
    shade(values, out.subarray(i * d, (i + 1) * d));
  }
  return out;
}
