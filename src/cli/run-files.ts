import type { Matrix } from '../array/matrix.ts';
import type { ImageShape } from '../data/examples.ts';
import { displayFilters, type Preprocessing } from '../data/preprocessing.ts';
import { activationHistogram } from '../figures/activation-histogram.ts';
import { activityHistogram } from '../figures/activity-histogram.ts';
import { trainingCurves } from '../figures/curves.ts';
import { featureTiles } from '../figures/feature-tiles.ts';
import { matrixPicture } from '../figures/matrix-picture.ts';
import { encodePng } from '../figures/picture.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { parameterName } from '../model/autoencoder-spec.ts';
import { sparsitiesOf } from '../model/config.ts';
import type { Inspection } from '../training/inspection.ts';
import type { HistoryEntry } from '../training/train.ts';

/** What the pictures of a run are drawn from: all of it stands in the run folder. */
export interface RunRecord {
  readonly model: Autoencoder;
  readonly steps: readonly Preprocessing[];
  readonly image?: ImageShape;
  readonly history: readonly HistoryEntry[];
  readonly meanActivations: ArrayLike<number>;
  readonly inspection?: Inspection;
}

/** features.png, training.svg, activations.svg and activity.svg. A picture with nothing to show is left out. */
export function pictures(record: RunRecord): Map<string, Uint8Array | string> {
  const { model, history, meanActivations } = record;
  const files = new Map<string, Uint8Array | string>([['features.png', featuresPng(record)]]);
  if (history.length > 0) {
    files.set('training.svg', trainingCurves(history, { stepLabel: 'step' }));
  }
  if (meanActivations.length > 0) {
    const code = model.config.hidden.length - 1;
    const sparsity = sparsitiesOf(model.config).find(({ layer }) => layer === code);
    const target = sparsity?.kind === 'kl' ? sparsity.target : undefined;
    files.set('activations.svg', activationHistogram(meanActivations, target === undefined ? {} : { target }));
  }
  if (record.inspection !== undefined) files.set('activity.svg', activityHistogram(record.inspection.histogram));
  return files;
}

/** W (h, d) of the first layer. */
export function firstWeight(model: Autoencoder) {
  return model.parameters[parameterName('encoder', 0, 'weight', model.config.hidden.length)];
}

/** The first layer's units as the inputs that excite them most; a heat map of W for data that are no images. */
function featuresPng({ model, steps, image }: RunRecord): Uint8Array {
  const shown = displayFilters(steps, firstWeight(model) as Matrix);
  const fits = image !== undefined && image.height * image.width * image.channels === shown.shape[1];
  const drawable = fits && (image.channels === 1 || image.channels === 3);
  return encodePng(drawable ? featureTiles(shown, image) : matrixPicture(shown));
}
