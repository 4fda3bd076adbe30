import { type AnyNumbers, asValues, type Precision, rowRange, type View, zeros } from '../../array/matrix.ts';
import { InputError, show } from '../../errors.ts';
import type { Examples, ImageShape } from '../examples.ts';
import { refuseNonFinite } from '../finite.ts';
import type { Treatment } from '../formats/table/treatment.ts';
import type { DataPlan } from './data-plan.ts';
import { assertHeldOut } from './held-out.ts';
import {
  applyPreprocessing,
  assertSpec,
  fitPreprocessing,
  type Preprocessing,
  type PreprocessingSpec,
} from './preprocessing.ts';
import { type Selected, select } from './select.ts';

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
  readonly labels?: Uint32Array | undefined;
  /** The shape of an example before preprocessing, for pictures; absent for data that are no images. */
  readonly image?: ImageShape | undefined;
  /** Names of the columns before preprocessing, where the data are a table with a header. */
  readonly columns?: readonly string[] | undefined;
  /** Where in the file the columns of a table stood, from 1. */
  readonly positions?: readonly number[] | undefined;
  /** How many cells a line of a table has. */
  readonly cells?: number | undefined;
  /** The name of the array in its file. */
  readonly array?: string | undefined;
  /** Of unsigned bytes: what they were divided by. */
  readonly byteUnit?: number | undefined;
  /** Of a table that is no plain matrix of numbers: what became of each column. */
  readonly treatment?: Treatment | undefined;
  /** What the source held, in words: "10 images of 512×512, gray". */
  readonly read: string;
}

/**
 * Examples as a model's inputs: chosen by label, limited, transposed, grey, cut into patches, divided by their unit, preprocessed. The steps are
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
  return treat(select(stacks, plan, labels), plan, precision, fitted);
}

/** What `prepare` does once the examples are chosen. @throws InputError as `prepare` does. */
export function treat(
  { examples, labels, read, array, byteUnit }: Selected,
  { preprocessing, heldOut = 0 }: DataPlan,
  precision: Precision,
  fitted?: readonly Preprocessing[],
): Prepared {
  const m = examples.x.shape[0];
  assertHeldOut(heldOut, m, 'plan.heldOut');
  const raw: View<AnyNumbers> = Object.assign(rowRange(examples.x, 0, m), { unit: examples.unit });
  refuseNonFinite(raw, 'data', undefined, (fitted ?? preprocessing)?.[0]?.kind === 'fill');
  return {
    ...(fitted
      ? { steps: fitted, x: apply(fitted, raw, precision) }
      : fitAndApply(preprocessing, raw, precision, m - heldOut)),
    ...(labels ? { labels } : {}),
    ...(examples.image ? { image: examples.image } : {}),
    ...(examples.columns ? { columns: examples.columns } : {}),
    ...(examples.positions ? { positions: examples.positions } : {}),
    ...(examples.cells === undefined ? {} : { cells: examples.cells }),
    ...(array === undefined ? {} : { array }),
    ...(byteUnit === undefined ? {} : { byteUnit }),
    ...(examples.treatment ? { treatment: examples.treatment } : {}),
    read,
  };
}

const keys = ['classes', 'limit', 'transpose', 'gray', 'patches', 'preprocessing', 'heldOut'];

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

/**
 * Each step is fitted to what the steps before it give of the first `training` rows, in float64, and applied to all; only
 * the last one's result has the precision.
 */
function fitAndApply(
  specs: readonly PreprocessingSpec[] = [],
  raw: View<AnyNumbers>,
  precision: Precision,
  training: number,
) {
  const steps: Preprocessing[] = [];
  let current = raw;
  for (const spec of specs) {
    if (spec.kind === 'fill' && steps.length > 0) {
      throw new InputError(
        `plan.preprocessing.${steps.length} is fill: gaps are filled first, so it must be the first step`,
      );
    }
    const step = fitPreprocessing(spec, rowRange(current, 0, training));
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
