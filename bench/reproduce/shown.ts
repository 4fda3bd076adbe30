import type { Matrix } from '../../src/array/matrix.ts';
import { displayFilters, type Preprocessing } from '../../src/data/preprocessing.ts';
import type { Autoencoder } from '../../src/model/autoencoder.ts';

/** The first encoder weights (h, d), turned back through the preprocessing, for pictures of features. */
export function featuresOf(model: Autoencoder, steps: readonly Preprocessing[] = []): Matrix {
  const weight = model.parameters['encoder.weight'] ?? model.parameters['encoder.0.weight'];
  return displayFilters(steps, weight as Matrix);
}
