import * as v from 'valibot';
import { AXES, isAxes } from '../data/formats/axes.ts';
import type { TableOptions } from '../data/formats/table/table-options.ts';
import { treatmentSchema } from '../data/formats/table/treatment-schema.ts';
import type { DataPlan } from '../data/preprocessing/data-plan.ts';
import { fillWays } from '../data/preprocessing/fill.ts';
import { type AutoencoderConfig, parseConfig } from '../model/config.ts';
import { nonNegative, nonNegativeInteger, oneOf, parse, positive, positiveInteger, seed } from '../validate.ts';
import { type FitOptions, planFit } from './options.ts';

/** Of a table: which columns are read, how, and what becomes of them. */
export interface TablePlan
  extends Pick<
    TableOptions,
    'columns' | 'without' | 'decimal' | 'delimiter' | 'header' | 'id' | 'label' | 'treatment'
  > {
  /** Whether rows with gaps are left out. */
  readonly dropRows?: boolean | undefined;
}

/** How a source is read, and what is done with what it holds. */
export interface SourcePlan extends Omit<DataPlan, 'heldOut'> {
  /** Of a table: which columns are read, how, and what becomes of them. */
  readonly table?: TablePlan | undefined;
  /** Of a file of several arrays: the name of the one that is read. */
  readonly array?: string | undefined;
  /** The shape of an example that is an image: [height, width, channels]. */
  readonly image?: readonly [height: number, width: number, channels: number] | undefined;
  /** Of an array: what its axes are, a letter each, such as 'hwm' (see `ArrayOptions`). */
  readonly axes?: string | undefined;
  /** What the numbers of an array or a table are divided by. */
  readonly unit?: number | undefined;
  /** What unsigned bytes were divided by in training: noted beside a model, for new data. */
  readonly byteUnit?: number | undefined;
}

/** A whole run as plain JSON: what `rhohat train` does, and what it saves beside the model. */
export interface Run {
  /** A data set's name or a path. */
  readonly source: string;
  /** What the outputs are compared with, an example for each of the source: makes a transcoder. Default the examples themselves. */
  readonly target?: string | undefined;
  readonly data: SourcePlan;
  /** `inputs` and, of a transcoder, `targets` follow from the data. */
  readonly model: Omit<AutoencoderConfig, 'inputs'>;
  readonly fit: Pick<
    FitOptions,
    'optimizer' | 'rules' | 'epochs' | 'batchSize' | 'seed' | 'penaltyWarmup' | 'stop' | 'keep'
  >;
  /** How many of the last examples are held out; their reconstruction error is reported. Default 0. */
  readonly heldOut?: number | undefined;
}

const columnName = () => v.union([v.string(), positiveInteger()], 'it must be a name, or a position counted from 1');
const columnList = () =>
  v.optional(
    v.pipe(
      v.array(columnName(), 'it must be a list of columns, such as ["height", "weight"] or [2, 3]'),
      v.minLength(1, 'it must name a column'),
      v.maxLength(2 ** 20, 'it must have at most 2^20 entries'),
    ),
  );
const extent = () => v.pipe(positiveInteger(), v.maxValue(2 ** 20, 'it must be at most 2^20'));

const dataSchema = v.strictObject({
  table: v.optional(
    v.strictObject({
      columns: columnList(),
      without: columnList(),
      decimal: v.optional(oneOf(['.', ','] as const)),
      header: v.optional(v.boolean('it must be true or false')),
      delimiter: v.optional(v.string('it must be one character')),
      id: v.optional(columnName()),
      label: v.optional(columnName()),
      dropRows: v.optional(v.boolean('it must be true or false')),
      treatment: v.optional(treatmentSchema),
    }),
  ),
  array: v.optional(
    v.pipe(v.string('it must be the name of an array'), v.maxLength(2 ** 16, 'it must have at most 2^16 characters')),
  ),
  image: v.optional(v.tuple([extent(), extent(), extent()], 'it must be [height, width, channels]')),
  axes: v.optional(v.custom<string>(isAxes, AXES)),
  unit: v.optional(positive()),
  byteUnit: v.optional(positive()),
  classes: v.optional(
    v.pipe(
      v.array(nonNegativeInteger(), 'it must be a list of class numbers, such as [0, 1, 2]'),
      v.maxLength(10_000, 'it must have at most 10000 entries'),
    ),
  ),
  limit: v.optional(positiveInteger()),
  transpose: v.optional(v.boolean('it must be true or false')),
  gray: v.optional(v.boolean('it must be true or false')),
  patches: v.optional(v.strictObject({ size: positiveInteger(), count: positiveInteger(), seed: seed() })),
  preprocessing: v.optional(
    v.pipe(
      v.array(
        v.variant(
          'kind',
          [
            v.strictObject({ kind: oneOf(['cs294a', 'standardize', 'scale', 'constant-norm'] as const) }),
            v.strictObject({ kind: v.literal('fill'), by: oneOf(fillWays) }),
            v.strictObject({ kind: v.literal('contrast'), epsilon: positive() }),
            v.strictObject({ kind: v.literal('layer-norm'), epsilon: v.optional(positive()) }),
            v.strictObject({ kind: v.literal('zca'), epsilon: nonNegative() }),
            v.strictObject({
              kind: v.literal('pca'),
              epsilon: nonNegative(),
              components: v.optional(positiveInteger()),
            }),
          ],
          'it must be { kind: "cs294a" | "standardize" | "scale" | "constant-norm" }, { kind: "fill", by } or { kind: "contrast" | "layer-norm" | "zca" | "pca", epsilon }',
        ),
      ),
      v.maxLength(100, 'it must have at most 100 steps'),
    ),
  ),
});

/** Checks a data plan key by key. @throws InputError naming the key. */
export function parseDataPlan(plan: unknown): SourcePlan {
  return parse(dataSchema, plan, 'data') as SourcePlan;
}

const runSchema = v.strictObject(
  {
    source: v.string('it must be the name of a data set or a path'),
    target: v.optional(v.string('it must be the name of a data set or a path')),
    data: v.optional(dataSchema, {}),
    model: v.looseObject({}, 'it must be an object such as { hidden: 25 }'),
    fit: v.optional(v.looseObject({}), {}),
    heldOut: v.optional(nonNegativeInteger()),
  },
  'it must be an object such as { source: "mnist", data: {}, model: { hidden: 100 }, fit: {} }',
);

/**
 * Checks a whole run, key by key, before any data are read: what `--config` reads and `--print-config` prints.
 * @throws InputError naming the key.
 */
export function parseRun(given: unknown): Run {
  const run = parse(runSchema, given, 'run') as Run;
  const { precision } = parseConfig({ ...run.model, inputs: 1 });
  planFit(run.fit, Number.MAX_SAFE_INTEGER, 1, precision);
  return run;
}
