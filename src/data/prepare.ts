import {
  type AnyNumbers,
  asValues,
  type Matrix,
  matrix,
  type Precision,
  rowRange,
  type View,
  zeros,
} from '../array/matrix.ts';
import { InputError, show } from '../errors.ts';
import { describeExamples } from './describe-examples.ts';
import { type Examples, type ImageShape, takeFirst, toGray } from './examples.ts';
import { refuseNonFinite } from './finite.ts';
import { samplePatches } from './patches.ts';
import {
  applyPreprocessing,
  assertSpec,
  fitPreprocessing,
  type Preprocessing,
  type PreprocessingSpec,
} from './preprocessing.ts';

/** From what a source holds to what a model sees. Plain JSON: saved with the model. */
export interface DataPlan {
  /** Keep the examples with these labels only; before `limit`. */
  readonly classes?: readonly number[];
  /** Use the first n examples only. */
  readonly limit?: number;
  /** Turn colour images grey. */
  readonly gray?: boolean;
  /** Cut square patches out of images; the patches are then the examples. */
  readonly patches?: {
    /** Height and width in pixels. */
    readonly size: number;
    /** How many patches, in all. */
    readonly count: number;
    /** Of the places that they are cut from. */
    readonly seed: number;
  };
  /** Steps fitted on the training data, in order. */
  readonly preprocessing?: readonly PreprocessingSpec[];
}

/** What a model is trained on, and what was learnt on the way. */
export interface Prepared {
  /**
   * (m, inputs of the model): preprocessed examples in the precision; others as the source holds them, with their unit,
   * where that takes no more memory, so that bytes stay bytes. May share the source's storage.
   */
  readonly x: View<AnyNumbers>;
  /** The fitted preprocessing, in order: save it with the model, apply it to new data. */
  readonly steps: readonly Preprocessing[];
  /** Of the examples that are left, where labels were given. */
  readonly labels?: Uint32Array;
  /** The shape of an example before preprocessing, for pictures; absent for data that are no images. */
  readonly image?: ImageShape;
  /** Names of the columns before preprocessing, where the data are a table with a header. */
  readonly columns?: readonly string[];
  /** Where in the file the columns of a table stood, from 1. */
  readonly positions?: readonly number[];
  /** How many cells a line of a table has. */
  readonly cells?: number;
  /** Of unsigned bytes: what they were divided by. */
  readonly byteUnit?: number;
  /** What the source held, in words: "10 images of 512×512, gray". */
  readonly read: string;
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
  assertGiven(stacks, plan, precision);
  const { examples, labels: left } = select(stacks, plan, labels);
  const raw: View<AnyNumbers> = Object.assign(rowRange(examples.x, 0, examples.x.shape[0]), { unit: examples.unit });
  refuseNonFinite(raw, 'data');
  return {
    ...(fitted ? { steps: fitted, x: apply(fitted, raw, precision) } : fitAndApply(plan.preprocessing, raw, precision)),
    ...(left ? { labels: left } : {}),
    ...(examples.image ? { image: examples.image } : {}),
    ...(examples.columns ? { columns: examples.columns } : {}),
    ...(examples.positions ? { positions: examples.positions } : {}),
    ...(examples.cells === undefined ? {} : { cells: examples.cells }),
    ...(stacks[0].byteUnit === undefined ? {} : { byteUnit: stacks[0].byteUnit }),
    read: describeExamples(stacks),
  };
}

const keys = ['classes', 'limit', 'gray', 'patches', 'preprocessing'];

/** For callers without types: nothing that is misspelt is passed over. */
function assertGiven(stacks: readonly Examples[], plan: DataPlan, precision: Precision): void {
  if (!Array.isArray(stacks)) {
    throw new InputError(`stacks is ${show(stacks)}: it must be a list of examples, such as [csvExamples(bytes)]`);
  }
  if (typeof plan !== 'object' || plan === null) {
    throw new InputError(`plan is ${show(plan)}: it must be an object; {} leaves the data as they are`);
  }
  const stray = Object.keys(plan).find((key) => !keys.includes(key));
  if (stray !== undefined) {
    throw new InputError(`plan.${stray} is not a known key: the keys here are ${keys.join(', ')}`);
  }
  const { preprocessing } = plan;
  if (preprocessing !== undefined && !Array.isArray(preprocessing)) {
    throw new InputError(
      `plan.preprocessing is ${show(preprocessing)}: it must be a list such as [{ kind: 'standardize' }]`,
    );
  }
  preprocessing?.forEach((spec, i) => {
    assertSpec(spec, `plan.preprocessing.${i}`);
  });
  if (precision !== 'float32' && precision !== 'float64') {
    throw new InputError(`precision is ${show(precision)}: it must be float32 or float64`);
  }
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

/** Each step is fitted to what the steps before it give, in float64; only the last one's result has the precision. */
function fitAndApply(specs: readonly PreprocessingSpec[] = [], raw: View<AnyNumbers>, precision: Precision) {
  const steps: Preprocessing[] = [];
  let current = raw;
  for (const spec of specs) {
    const step = fitPreprocessing(spec, current);
    steps.push(step);
    current = apply([step], current, steps.length === specs.length ? precision : 'float64');
  }
  return { steps, x: steps.length === 0 ? apply([], raw, precision) : current };
}

/** The steps' result in the precision; without steps the examples as they are, unless they are wider than that. */
function apply(steps: readonly Preprocessing[], raw: View<AnyNumbers>, precision: Precision): View<AnyNumbers> {
  if (steps.length > 0) return applyPreprocessing(steps, raw, precision);
  if (raw.data.BYTES_PER_ELEMENT <= zeros(0, precision).BYTES_PER_ELEMENT) return raw;
  return asValues(raw, precision);
}
