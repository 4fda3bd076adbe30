import { type Matrix, matrix, type Precision, toFlat, zeros } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import { type Examples, type ImageShape, takeFirst, toGray, toNumbers } from './examples.ts';
import { samplePatches } from './patches.ts';
import { applyPreprocessing, fitPreprocessing, type Preprocessing, type PreprocessingSpec } from './preprocessing.ts';

/** From what a source holds to what a model sees. Plain JSON: saved with the model. */
export interface DataPlan {
  /** Use the first n examples only. */
  readonly limit?: number;
  /** Turn colour images grey. */
  readonly gray?: boolean;
  /** Cut square patches out of images; the patches are then the examples. */
  readonly patches?: { readonly size: number; readonly count: number; readonly seed: number };
  /** Steps fitted on the training data, in order. */
  readonly preprocessing?: readonly PreprocessingSpec[];
}

export interface Prepared {
  /** (m, inputs of the model). */
  readonly x: Matrix;
  readonly steps: readonly Preprocessing[];
  /** The shape of an example before preprocessing, for pictures; absent for data that are no images. */
  readonly image?: ImageShape;
}

/**
 * Examples as a model's inputs: limited, grey, cut into patches, divided by their unit, preprocessed. The steps are
 * fitted here unless `fitted` hands in those of a trained model.
 * @throws InputError where the plan does not fit the data.
 */
export function prepare(
  stacks: readonly Examples[],
  plan: DataPlan,
  precision: Precision,
  fitted?: readonly Preprocessing[],
): Prepared {
  const examples = select(stacks, plan);
  const raw = toNumbers(examples, 'float64');
  const steps = fitted ?? fitSteps(plan.preprocessing ?? [], raw);
  const x = steps.length === 0 ? raw : applyPreprocessing(steps, raw);
  return { x: convert(x, precision), steps, ...(examples.image ? { image: examples.image } : {}) };
}

/** One stack of examples of one length. */
function select(stacks: readonly Examples[], { limit, gray, patches }: DataPlan): Examples {
  let chosen = stacks;
  if (gray) chosen = chosen.map(toGray);
  if (limit !== undefined && chosen.length === 1) chosen = [takeFirst(chosen[0], limit)];
  if (patches !== undefined) return samplePatches(chosen, patches);
  if (chosen.length !== 1) {
    throw new InputError(
      `the images come in ${chosen.length} sizes or kinds: make them equal, or cut patches (--patch-size 8)`,
    );
  }
  return chosen[0];
}

/** Each step is fitted to what the steps before it give. */
function fitSteps(specs: readonly PreprocessingSpec[], raw: Matrix): Preprocessing[] {
  const steps: Preprocessing[] = [];
  let current = raw;
  for (const spec of specs) {
    const step = fitPreprocessing(spec, current);
    steps.push(step);
    current = applyPreprocessing([step], current);
  }
  return steps;
}

function convert(x: Matrix, precision: Precision): Matrix {
  const [rows, columns] = x.shape;
  return matrix(toFlat(x, zeros(rows * columns, precision)), rows, columns);
}
