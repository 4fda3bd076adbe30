import { rowRange } from '../../../src/array/matrix.ts';
import { activityHistogram } from '../../../src/figures/activity-histogram.ts';
import { featureTiles } from '../../../src/figures/feature-tiles.ts';
import type { Inspection } from '../../../src/measures/inspection.ts';
import type { Lab, Trained } from '../lab.ts';
import type { Drawn } from '../row.ts';
import { DIGIT } from '../sets.ts';
import { featuresOf } from '../shown.ts';

/** The first 196 features. */
export async function tiles(
  lab: Lab,
  { model }: Trained,
  { file, what, more }: { readonly file: string; readonly what: string; readonly more: string },
): Promise<Drawn> {
  const features = await featuresOf(model);
  return lab.draw(
    file,
    featureTiles(rowRange(features, 0, Math.min(features.shape[0], 196)), DIGIT),
    `196 of the 1000 features, ${what}. ${more} Tied linear units, MNIST's first 50,000 digits, seed 1.`,
  );
}

/** How often each activation occurs. */
export async function activity(lab: Lab, { histogram }: Inspection, k: number): Promise<Drawn> {
  return lab.draw(
    `k-sparse-activity-${k}.svg`,
    activityHistogram(histogram, { title: `Activations of all hidden units, k = ${k}` }),
    `How often each activation occurs over the validation images, k = ${k}, encoding with αk = ${3 * k} survivors (the paper's figure 4).`,
  );
}
