import { join } from 'node:path';
import * as v from 'valibot';
import type { Matrix } from '../../array/matrix.ts';
import type { Preprocessing } from '../../data/preprocessing/preprocessing.ts';
import { InputError } from '../../errors.ts';
import type { Autoencoder } from '../../model/autoencoder.ts';
import type { Classifier } from '../../model/classifier.ts';
import { kindOfPath } from '../../node/read-bytes.ts';
import type { Summary } from '../../report/run-summary.ts';
import type { SavedClassifier, SavedModel } from '../../training/model-file.ts';
import type { SourcePlan } from '../../training/run.ts';
import { savedData } from '../run/saved-data.ts';
import { classifierLines, classifierSummary } from './classifier-summary.ts';
import type { Files } from './run-output.ts';
import { summaryLines } from './summary.ts';
import { readSummaryFile, SUMMARY_FILE } from './summary-file.ts';

/** What `rhohat inspect` shows. */
export interface Inspected {
  /** What can be measured on data; null of a classifier. */
  readonly saved: SavedModel | null;
  readonly model: Autoencoder | Classifier;
  readonly preprocessing: readonly Preprocessing[];
  /** How the data were read. */
  readonly data: SourcePlan;
  /** What summary.json holds; null where there is none. */
  readonly summary: unknown;
  /** For a person. */
  readonly lines: readonly string[];
  /** The pictures; `failed` is told of one that cannot be drawn. */
  draw(failed: (name: string, error: unknown) => void): Promise<Files>;
}

/** A run folder's, or of its model's file alone. @throws InputError where the summary is damaged. */
export async function inspectedRun(saved: SavedModel, path: string, isFolder: boolean): Promise<Inspected> {
  const { model, preprocessing } = saved;
  const { image, columns, data } = savedData(saved);
  const { summary, lines } = (isFolder ? await readRunSummary(path) : null) ?? { summary: null, lines: [path] };
  return {
    saved,
    model,
    preprocessing,
    data,
    summary,
    lines,
    async draw(failed) {
      const { pictures } = await import('./run-files.ts'); // plotting: loaded when it draws
      const record = {
        model,
        steps: preprocessing,
        history: summary?.history ?? [],
        fit: summary?.run?.fit,
        metrics: summary?.metrics,
        inspection: summary?.inspection,
        image,
        columns,
      };
      return pictures(record, failed);
    },
  };
}

/** A classifier's folder, or of its file alone. @throws InputError where the summary is damaged. */
export async function inspectedClassifier(saved: SavedClassifier, path: string, isFolder: boolean): Promise<Inspected> {
  const { classifier, preprocessing } = saved;
  const { image, columns, data } = savedData(saved);
  const file = join(path, SUMMARY_FILE);
  const summary = isFolder && (await kindOfPath(file)) !== undefined ? await readSummaryFile(file) : null;
  const lines = summary === null ? [path] : orDamaged(file, () => linesOf(summary, classifier, path));
  const first = classifier.config.hidden.length === 0 ? 'softmax.weight' : 'encoder.0.weight';
  return {
    saved: null,
    model: classifier,
    preprocessing,
    data,
    summary,
    lines,
    async draw(failed) {
      const { featuresOf } = await import('./run-files.ts');
      const files: Files = new Map();
      const parameters = await classifier.parameters();
      const [name, draw] = featuresOf(parameters[first] as Matrix, preprocessing, image, { columns });
      try {
        files.set(name, draw());
      } catch (error) {
        failed(name, error);
      }
      return files;
    },
  };
}

function linesOf(summary: unknown, { config }: Classifier, path: string): string[] {
  return classifierLines(v.parse(classifierSummary, summary), config, path);
}

/** What `use` makes of a summary, whose parts are not checked one by one. @throws InputError where it cannot. */
function orDamaged<T>(path: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path} is damaged: it must be the summary that rhohat train wrote`);
  }
}

/** The run's summary, and its lines for a person; null where the folder has none. @throws InputError if it is damaged. */
async function readRunSummary(folder: string): Promise<{ summary: Summary; lines: string[] } | null> {
  const path = join(folder, SUMMARY_FILE);
  if ((await kindOfPath(path)) === undefined) return null;
  const summary = (await readSummaryFile(path)) as Summary;
  return orDamaged(path, () => {
    const { edges, counts } = summary.inspection?.histogram ?? { edges: [], counts: [] };
    const curves = summary.history.flatMap(({ step, cost }) => [step, cost]);
    const { meanActivations: rho = [], firing = [], deadUnits = [] } = summary.metrics ?? {};
    const numbers = [...rho, ...firing, ...deadUnits, ...curves, ...edges, ...counts];
    if (!numbers.every(Number.isFinite)) throw new InputError(`${path} is damaged: its numbers must be finite`);
    const isUnit = (unit: number) => Number.isInteger(unit) && unit >= 0 && unit < rho.length;
    const isShare = (share: number) => share >= 0 && share <= 1;
    if ((firing.length > 0 && firing.length !== rho.length) || !firing.every(isShare) || !deadUnits.every(isUnit)) {
      throw new InputError(`${path} is damaged: what it says of the units must be of each one of them`);
    }
    return { summary, lines: summaryLines(summary, folder) };
  });
}
