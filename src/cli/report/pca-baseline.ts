import { type AnyNumbers, asValues, matrix, toFlat, type View } from '../../array/matrix.ts';
import { fitPca, pcaError } from '../../data/preprocessing/pca.ts';
import { principalAngles } from '../../data/preprocessing/principal-angles.ts';
import { InputError } from '../../errors.ts';
import type { Autoencoder } from '../../model/autoencoder.ts';
import type { PcaBaseline } from '../../report/run-summary.ts';

/** Refuses more components than there are, before any training is spent. */
export function assertComponents(components: number, x: View<AnyNumbers>, transcoder = false): void {
  if (transcoder) {
    throw new InputError(
      '--pca is given with --target-data: principal components reconstruct what they are fitted to: leave one out',
    );
  }
  const most = Math.min(...x.shape);
  if (components >= 1 && components <= most) return;
  throw new InputError(
    `--pca is ${components}: the training data have ${x.shape.join(' by ')} numbers, so it must be from 1 to ${most}`,
  );
}

/** The baseline of `components` on x (m, d), as the model sees it. */
export async function compareWithPca(
  model: Autoencoder,
  examples: View<AnyNumbers>,
  components: number,
): Promise<PcaBaseline> {
  const x = asValues(examples, model.config.precision);
  const pca = fitPca(x, components);
  const { hidden, inputs } = model.config;
  const squaredError = pcaError(pca, x);
  if (hidden.length !== 1 || hidden[0] !== components) return { components, squaredError };
  const parameters = await model.parameters();
  const decoder = parameters['decoder.weight'] ?? parameters['encoder.weight'];
  const rows = matrix(toFlat(decoder, new Float64Array(components * inputs)), components, inputs);
  const largestAngle = (Math.max(...principalAngles(rows, pca.components)) * 180) / Math.PI;
  return { components, squaredError, largestAngle };
}
