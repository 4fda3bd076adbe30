import type { Matrix } from '../../array/matrix.ts';
import type { ImageShape } from '../../data/examples.ts';
import { displayFilters, type Preprocessing } from '../../data/preprocessing/preprocessing.ts';
import { activationHistogram } from '../../figures/activation-histogram.ts';
import { activityHistogram } from '../../figures/activity-histogram.ts';
import { trainingCurves } from '../../figures/curves.ts';
import { featureTiles } from '../../figures/feature-tiles.ts';
import { matrixPicture } from '../../figures/matrix-picture.ts';
import { encodePng } from '../../figures/picture.ts';
import type { Inspection } from '../../measures/inspection.ts';
import type { Autoencoder } from '../../model/autoencoder.ts';
import { parameterName } from '../../model/autoencoder-spec.ts';
import { sparsitiesOf } from '../../model/config.ts';
import type { HistoryEntry } from '../../training/history.ts';
import { leftOut } from './attempt.ts';

/** What the pictures of a run are drawn from: all of it stands in the run folder. */
export interface RunRecord {
  readonly model: Autoencoder;
  readonly steps: readonly Preprocessing[];
  readonly image?: ImageShape;
  readonly history: readonly HistoryEntry[];
  readonly meanActivations: ArrayLike<number>;
  readonly inspection?: Inspection;
}

/**
 * features.png, training.svg, activations.svg and activity.svg. A picture with nothing to show is left out; `failed` is told
 * of one that cannot be drawn, and may throw instead.
 */
export async function pictures(
  record: RunRecord,
  failed = (name: string, error: unknown) => leftOut(`${name} is`, error),
): Promise<Map<string, Uint8Array | string>> {
  const { model, steps, image, history, meanActivations, inspection } = record;
  const files = new Map<string, Uint8Array | string>();
  const add = (name: string, draw: () => Uint8Array | string) => {
    try {
      files.set(name, draw());
    } catch (error) {
      failed(name, error);
    }
  };
  const weight = await firstWeight(model);
  add('features.png', () => featuresPng(weight, steps, image));
  if (history.length > 0) add('training.svg', () => trainingCurves(history, { stepLabel: 'step' }));
  if (meanActivations.length > 0) {
    const code = model.config.hidden.length - 1;
    const sparsity = sparsitiesOf(model.config).find(({ layer }) => layer === code);
    const target = sparsity?.kind === 'kl' ? sparsity.target : undefined;
    add('activations.svg', () => activationHistogram(meanActivations, target === undefined ? {} : { target }));
  }
  if (inspection !== undefined) add('activity.svg', () => activityHistogram(inspection.histogram));
  return files;
}

/** W (h, d) of the first layer. */
export async function firstWeight(model: Autoencoder): Promise<Matrix> {
  const parameters = await model.parameters();
  return parameters[parameterName('encoder', 0, 'weight', model.config.hidden.length)] as Matrix;
}

/**
 * The units of a first layer of weights (h, d) as the inputs that excite them most; a heat map for data that are no images.
 */
export function featuresPng(
  weights: Matrix,
  steps: readonly Preprocessing[],
  image: ImageShape | undefined,
): Uint8Array {
  const shown = displayFilters(steps, weights);
  const fits = image !== undefined && image.height * image.width * image.channels === shown.shape[1];
  const drawable = fits && (image.channels === 1 || image.channels === 3);
  return encodePng(drawable ? featureTiles(shown, image) : matrixPicture(shown));
}
