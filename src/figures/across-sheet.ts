import { assertObject } from '../array/argument-check.ts';
import type { AnyNumbers, View } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import { featureShades } from './feature-shades.ts';
import { requireAcross } from './features-across.ts';
import type { Picture } from './picture.ts';
import { requireTileShape, TILE, type TileShape } from './tile-grid.ts';
import { drawTileRows } from './tile-rows.ts';
import { gatherTiles } from './tile-strips.ts';
import { widthOf } from './width.ts';

/** Names and size of the picture. */
export interface AcrossSheetOptions {
  /** Of the models, in the order of the weights: what tells them apart. */
  readonly names: readonly string[];
  /** In pixels; default 760. */
  readonly width?: number | undefined;
}

/**
 * The same hidden units across several models, with words: a row for each of `weights` (h, d) under its name, a column for each of
 * `units` under its number. Shades are those of `featureShades`, model by model. Throws an InputError if shapes or names do not fit, a
 * unit does not exist in every model, or a weight is not finite.
 */
export function acrossSheet(
  weights: readonly View<AnyNumbers>[],
  units: readonly number[],
  shape: Pick<TileShape, 'height' | 'width' | 'channels'>,
  options: AcrossSheetOptions,
): Picture {
  requireAcross(weights, units);
  assertObject(shape, 'shape', TILE);
  assertObject(options, 'options', "{ names: ['clean', 'noisy'] }");
  const { names } = options;
  if (!Array.isArray(names) || names.length !== weights.length) {
    throw new InputError(
      `names has ${names?.length ?? 'no'} names for ${weights.length} weights: give one for each model`,
    );
  }
  const { height, width, channels } = shape;
  requireTileShape({ height, width, channels }, units.length, weights[0].shape[1]);
  return drawTileRows({
    title: `The same ${units.length === 1 ? 'unit' : `${units.length} units`} of ${weights.length} models`,
    notes: [
      "What a unit looks for; numbers are the units'. Black is a negative weight, grey 0, white a positive one, up to the largest of the unit.",
    ],
    rows: weights.map((one, i) => ({
      name: String(names[i]),
      shades: featureShades(gatherTiles([one], units.length, (u) => [0, units[u]])),
    })),
    heads: units.map(String),
    shape,
    width: widthOf(options.width),
  });
}
