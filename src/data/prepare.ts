import { type AnyNumbers, type Matrix, matrix, type Precision, toFlat, zeros } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import { type Examples, type ImageShape, takeFirst, toGray, toNumbers } from './examples.ts';
import { samplePatches } from './patches.ts';
import { applyPreprocessing, fitPreprocessing, type Preprocessing, type PreprocessingSpec } from './preprocessing.ts';

/** From what a source holds to what a model sees. Plain JSON: saved with the model. */
export interface DataPlan {
  /** Keep the examples with these labels only; before `limit`. */
  readonly classes?: readonly number[];
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
  /** Of the examples that are left, where labels were given. */
  readonly labels?: Uint32Array;
  /** The shape of an example before preprocessing, for pictures; absent for data that are no images. */
  readonly image?: ImageShape;
}

/**
 * Examples as a model's inputs: chosen by label, limited, grey, cut into patches, divided by their unit, preprocessed. The steps are
 * fitted here unless `fitted` hands in those of a trained model.
 * @throws InputError where the plan does not fit the data.
 */
export function prepare(
  stacks: readonly Examples[],
  plan: DataPlan,
  precision: Precision,
  fitted?: readonly Preprocessing[],
  labels?: ArrayLike<number>,
): Prepared {
  const { examples, labels: left } = select(stacks, plan, labels);
  const raw = toNumbers(examples, 'float64');
  const steps = fitted ?? fitSteps(plan.preprocessing ?? [], raw);
  const x = steps.length === 0 ? raw : applyPreprocessing(steps, raw);
  return {
    x: convert(x, precision),
    steps,
    ...(left ? { labels: left } : {}),
    ...(examples.image ? { image: examples.image } : {}),
  };
}

/** One stack of examples of one length, with their labels where there are any. */
function select(
  stacks: readonly Examples[],
  { classes, limit, gray, patches }: DataPlan,
  labels?: ArrayLike<number>,
): { examples: Examples; labels?: Uint32Array } {
  let chosen = stacks;
  let left = labels && Uint32Array.from(labels);
  if (left !== undefined && (chosen.length !== 1 || chosen[0].x.shape[0] !== left.length)) {
    const count = chosen.reduce((sum, { x }) => sum + x.shape[0], 0);
    throw new InputError(`there are ${left.length} labels for ${count} examples: there must be one for each`);
  }
  if (classes !== undefined) {
    if (left === undefined) {
      throw new InputError(
        `examples of classes ${classes.join(', ')} are asked for, and the data have no labels: name them`,
      );
    }
    const rows = Uint32Array.from(left.keys()).filter((i) => classes.includes(left?.[i] ?? -1));
    if (rows.length === 0) throw new InputError(`no example has one of the classes ${classes.join(', ')}: name others`);
    chosen = [{ ...chosen[0], x: takeRows(chosen[0].x, rows) }];
    left = rows.map((i) => left?.[i] ?? 0);
  }
  if (gray) chosen = chosen.map(toGray);
  if (limit !== undefined && chosen.length === 1) {
    chosen = [takeFirst(chosen[0], limit)];
    left = left?.slice(0, limit);
  }
  if (patches !== undefined) {
    if (left !== undefined && classes === undefined)
      throw new InputError('patches have no labels: leave one of the two out');
    return { examples: samplePatches(chosen, patches) };
  }
  if (chosen.length !== 1) {
    throw new InputError(
      `the images come in ${chosen.length} sizes or kinds: make them equal, or cut patches (--patch-size 8)`,
    );
  }
  return { examples: chosen[0], ...(left ? { labels: left } : {}) };
}

/** Rows of a matrix, copied in their own type. */
function takeRows<D extends AnyNumbers>(x: Matrix<D>, rows: Uint32Array): Matrix<D> {
  const d = x.shape[1];
  const out = new (x.data.constructor as new (length: number) => D)(rows.length * d);
  rows.forEach((row, i) => {
    for (let j = 0; j < d; j++) out[i * d + j] = x.data[x.offset + row * x.stride[0] + j * x.stride[1]];
  });
  return matrix(out, rows.length, d);
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
