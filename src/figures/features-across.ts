import { assertList } from '../array/argument-check.ts';
import type { AnyNumbers, Matrix, View } from '../array/matrix.ts';
import { assertView } from '../array/view-check.ts';
import { InputError } from '../errors.ts';
import { shadeFeature } from './feature-tiles.ts';
import type { Picture } from './picture.ts';
import { drawStrips, gatherTiles, type StripShape } from './tile-strips.ts';

/**
 * The same hidden units across several models, say of corruption 0, 25 and 50% from the same initial weights: a row for
 * each of `units`, a column for each of `weights` (h, d), in the given order, each drawn as `featureTiles` does. Many
 * units continue in further strips. Throws an InputError if shapes do not fit, a unit does not exist in every model, or
 * a weight is not finite. [Vincent et al., ICML 2008, figure 3: filters as ν grows]
 */
export function featuresAcross(weights: readonly Matrix[], units: readonly number[], shape: StripShape): Picture {
  requireAcross(weights, units);
  const size = weights.length;
  const groups = gatherTiles(weights, units.length * size, (i) => [i % size, units[Math.floor(i / size)]]);
  return drawStrips(groups, size, shape, shadeFeature);
}

/** @throws InputError unless there are weights of the same inputs, and each has the units. */
export function requireAcross(weights: readonly View<AnyNumbers>[], units: readonly number[]): void {
  assertList(weights, 'weights', 'the encoder weights of one model or more');
  assertList(units, 'units', 'indices of hidden units');
  if (weights.length === 0) throw new InputError('there are no weights: give the encoder weights of one model or more');
  if (units.length === 0) throw new InputError('there are no units: give the indices of the hidden units to draw');
  weights.forEach((one, i) => {
    assertView(one, `weights ${i}`);
    const [h, d] = one.shape;
    if (d !== weights[0].shape[1]) {
      throw new InputError(
        `weights ${i} have ${d} inputs, weights 0 have ${weights[0].shape[1]}: give models of the same inputs`,
      );
    }
    const missing = units.find((unit) => !Number.isInteger(unit) || unit < 0 || unit >= h);
    if (missing === undefined) return;
    throw new InputError(`unit ${missing} is not in weights ${i}: units are whole numbers from 0 to ${h - 1}`);
  });
}
