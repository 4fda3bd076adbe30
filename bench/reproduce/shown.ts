import type { Matrix } from '../../src/array/matrix.ts';
import { displayFilters, type Preprocessing } from '../../src/data/preprocessing/preprocessing.ts';
import type { Autoencoder } from '../../src/model/autoencoder.ts';

/** The first encoder weights (h, d), turned back through the preprocessing, for pictures of features. */
export async function featuresOf(model: Autoencoder, steps: readonly Preprocessing[] = []): Promise<Matrix> {
  const parameters = await model.parameters();
  const weight = parameters['encoder.weight'] ?? parameters['encoder.0.weight'];
  return displayFilters(steps, weight as Matrix);
}
