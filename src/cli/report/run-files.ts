import type { Matrix } from '../../array/matrix.ts';
import type { ImageShape } from '../../data/examples.ts';
import { displayFilters, type Preprocessing } from '../../data/preprocessing/preprocessing.ts';
import { activationHistogram } from '../../figures/activation-histogram.ts';
import { activityHistogram } from '../../figures/activity-histogram.ts';
import { trainingCurves } from '../../figures/curves.ts';
import { densityHistogram } from '../../figures/density-histogram.ts';
import { featureMap } from '../../figures/feature-map.ts';
import { featureSheet } from '../../figures/feature-sheet.ts';
import { encodePng } from '../../figures/picture.ts';
import type { UnitUse } from '../../figures/shown-units.ts';
import { densityOf } from '../../measures/density.ts';
import type { Inspection } from '../../measures/inspection.ts';
import type { Autoencoder } from '../../model/autoencoder.ts';
import { parameterName } from '../../model/autoencoder-spec.ts';
import { type FullConfig, sparsitiesOf } from '../../model/config.ts';
import { annealedIn } from '../../report/annealed.ts';
import { type ModelUse, type UsedMetrics, unitUse } from '../../report/unit-use.ts';
import type { HistoryEntry } from '../../training/history.ts';
import type { Run } from '../../training/run.ts';
import { leftOut } from './attempt.ts';

/** What the pictures of a run are drawn from: all of it stands in the run folder. */
export interface RunRecord {
  readonly model: Autoencoder;
  readonly steps: readonly Preprocessing[];
  readonly image?: ImageShape;
  /** Names of the columns before preprocessing. */
  readonly columns?: readonly string[];
  readonly history: readonly HistoryEntry[];
  /** How it was trained, where that is known. */
  readonly fit?: Run['fit'];
  /** Absent where they could not be measured. */
  readonly metrics?: UsedMetrics;
  readonly inspection?: Inspection;
}

/**
 * features.png, or features.svg of data that are no images, training.svg, activations.svg and activity.svg. A picture with nothing to show
 * is left out; `failed` is told of one that cannot be drawn, and may throw instead.
 */
export async function pictures(
  record: RunRecord,
  failed = (name: string, error: unknown) => leftOut(`${name} is`, error),
): Promise<Map<string, Uint8Array | string>> {
  const { model, steps, image, columns, history, fit, metrics, inspection } = record;
  const files = new Map<string, Uint8Array | string>();
  const add = (name: string, draw: () => Uint8Array | string) => {
    try {
      files.set(name, draw());
    } catch (error) {
      failed(name, error);
    }
  };
  const use = metrics && unitUse(model.config, metrics);
  // Uses are those of the code: of a deep model's first layer they are not known.
  const known = model.config.hidden.length === 1 ? use : {};
  if (model.config.hidden.length === 1 && model.config.unitNorm) {
    // Where the decoder's rows are the dictionary, it is what its units add to a reconstruction that is looked at.
    const rows = (await model.parameters())[parameterName('decoder', 0, 'weight', 1)] as Matrix;
    add(...featuresOf(rows, [], image, { columns, ...known, title: 'What each unit adds to a reconstruction' }));
  } else add(...featuresOf(await firstWeight(model), steps, image, { columns, ...known }));
  const annealed = annealedIn(model.config, fit, history);
  if (history.length > 0) {
    add('training.svg', () => trainingCurves(history, { stepLabel: 'step', ...(annealed && { annealed }) }));
  }
  if (metrics !== undefined && use !== undefined) add('activations.svg', () => usesSvg(model.config, metrics, use));
  if (inspection !== undefined) add('activity.svg', () => activityHistogram(inspection.histogram));
  return files;
}

/** Units by how often they fire, or by mean activation where they never are exactly 0. */
export function usesSvg(
  config: FullConfig,
  { meanActivations, firing }: UsedMetrics,
  use: ModelUse,
  width?: number,
): string {
  if (use.useIs === 'frequency' && firing !== undefined) return densityHistogram(densityOf(firing), { width });
  const code = config.hidden.length - 1;
  const sparsity = sparsitiesOf(config).find(({ layer }) => layer === code);
  const target = sparsity?.kind === 'kl' ? sparsity.target : undefined;
  return activationHistogram(meanActivations, { target, dead: use.dead, width });
}

/** W (h, d) of the first layer. */
export async function firstWeight(model: Autoencoder): Promise<Matrix> {
  const parameters = await model.parameters();
  return parameters[parameterName('encoder', 0, 'weight', model.config.hidden.length)] as Matrix;
}

/** The picture of a first layer of weights (h, d), its name and how it is drawn: tiles of images, a heat map of other data. */
export function featuresOf(
  weights: Matrix,
  steps: readonly Preprocessing[],
  image: ImageShape | undefined,
  {
    columns,
    ...use
  }: UnitUse & {
    readonly columns?: readonly string[] | undefined;
    readonly title?: string | undefined;
  } = {},
): [name: 'features.png' | 'features.svg', draw: () => Uint8Array | string] {
  if (image !== undefined && (image.channels === 1 || image.channels === 3)) {
    const { height, width, channels } = image;
    const shown = displayFilters(steps, weights);
    if (height * width * channels === shown.shape[1]) {
      return ['features.png', () => encodePng(featureSheet(shown, image, use))];
    }
  }
  const draw = () => {
    const shown = displayFilters(steps, weights);
    const names = columns?.length === shown.shape[1] ? { columns } : {};
    return featureMap(shown, { ...names, ...use });
  };
  return ['features.svg', draw];
}
