import * as v from 'valibot';
import type { Precision } from '../array/matrix.ts';
import { typeOf } from '../array/type-of.ts';
import type { MatrixLike } from '../array/view-check.ts';
import { InputError } from '../errors.ts';
import type { OwnSpec } from '../model/config.ts';
import type { Group } from '../model/group.ts';
import { assertHolds } from '../model/precision-check.ts';
import type { Terms } from '../model/terms.ts';
import type { OptimizerConfig } from '../optimizers/table.ts';
import { nonNegative, nonNegativeInteger, oneOf, parse, positiveInteger, seed, show } from '../validate.ts';
import type { CheckpointOptions } from './checkpoints/checkpoint-options.ts';
import { type FitParts, fitPartSchemas, fitTables } from './fit-parts.ts';
import type { HistoryEntry } from './history.ts';
import type { Progress, Told } from './progress.ts';
import type { RuleConfig } from './rules/table.ts';

/** When training ends before its last epoch. */
export interface StopOptions {
  /** Epochs in a row without a fall that are waited for, at least 1. */
  readonly patience: number;
  /** A fall is one by more than this below the last fall's error; at least 0. Default 0. */
  readonly minDelta?: number | undefined;
}

/** How a model is trained, and what is told and kept on the way. */
export interface FitOptions<T extends Terms = Terms> {
  /** Default Adam with learning rate 1e-3. */
  readonly optimizer?: OptimizerConfig | undefined;
  /** What happens around each step, in this order; not with L-BFGS. */
  readonly rules?: readonly RuleConfig[] | undefined;
  /** Optimizers and rules of your own, which `optimizer` and `rules` name by their kind. */
  readonly parts?: FitParts | undefined;
  /** Passes over the set; not with L-BFGS, which has `iterations`. Default 10. */
  readonly epochs?: number | undefined;
  /** Examples per step; not with L-BFGS, which uses the whole set. Default 100. */
  readonly batchSize?: number | undefined;
  /** Of the order of examples, a function of (seed, epoch). Default: the model's seed. */
  readonly seed?: number | undefined;
  /**
   * w: at step t = 1, 2, … the weights of penalties, all terms but the data term, weight decay and auxiliaries, are
   * multiplied by min(1, t/w). Not with L-BFGS. Default 0: none.
   */
  readonly penaltyWarmup?: number | undefined;
  /** What x̂ is compared with, (m, targets), row by row: makes a transcoder. Default x. */
  readonly target?: MatrixLike | undefined;
  /** Held-out examples (n, d): their reconstruction error is reported after every epoch. */
  readonly validation?: MatrixLike | undefined;
  /** What their outputs are compared with, (n, targets). */
  readonly validationTarget?: MatrixLike | undefined;
  /**
   * Ends training once the validation error has not fallen for a while: see {@link StopOptions}. Needs `validation`.
   */
  readonly stop?: StopOptions | undefined;
  /**
   * 'best': the model ends with the parameters it had after the epoch of the least validation error, however training
   * ends; `result.kept` says which. Needs `validation`. Default 'last'.
   */
  readonly keep?: 'best' | 'last' | undefined;
  /** Called after every step; a promise is waited for, and where it rejects, so does `fit`. */
  readonly onProgress?: Told<Progress<T>> | undefined;
  /** Called after every epoch with its entry in the history; a promise is waited for, and where it rejects, so does `fit`. */
  readonly onEpoch?: Told<HistoryEntry<T>> | undefined;
  /**
   * Milliseconds between two calls of `onProgress`, at least; after the last step of the run it is called in any case, but where
   * `stop` ends it. Default 0: after every step.
   */
  readonly progressEvery?: number | undefined;
  /**
   * Aborting ends training after the present step, with a last checkpoint where they are asked for: `fit` rejects with
   * the signal's reason, the model stays usable. What a caller's promise keeps waiting ends too: a read at once, the last
   * save after 30 s, with a CheckpointError. Where the reason is an object, as it is by default, its `result` is what the
   * run came to.
   */
  readonly signal?: AbortSignal | undefined;
  /** Saves what it takes to go on, every so often. */
  readonly checkpoint?: CheckpointOptions | undefined;
  /**
   * A checkpoint to go on from, to the bits of a run that was never interrupted: with the same model config, options and
   * examples, which are compared. The model's parameters are replaced.
   */
  readonly resume?: Uint8Array | undefined;
  /**
   * The processes that share every batch: each calls `fit` with the same model, examples and options, takes its rows of a
   * batch, and ends with the same θ. Batches do not depend on how many there are. Default this one alone.
   */
  readonly group?: Group | undefined;
}

/** Options that may name parts of a caller's own, which stand beside them. */
export interface OwnFitOptions<T extends Terms = Terms> extends Omit<FitOptions<T>, 'optimizer' | 'rules'> {
  /** As in {@link FitOptions}, or of a caller's own. */
  readonly optimizer?: OwnSpec | undefined;
  /** As in {@link FitOptions}, or of a caller's own. */
  readonly rules?: readonly OwnSpec[] | undefined;
  readonly parts: FitParts;
}

/** The JSON part of the options, with defaults. */
export interface FitPlan {
  /** As given, or Adam. */
  readonly optimizer: OptimizerConfig;
  /** Where any are given. */
  readonly rules?: readonly RuleConfig[] | undefined;
  /** Passes over the set; the iterations of L-BFGS. */
  readonly epochs: number;
  /** Examples per step, at most m. */
  readonly batchSize: number;
  /** Of the order of examples. */
  readonly seed: number;
  /** Where it is above 0: steps over which the weights of penalties rise. */
  readonly penaltyWarmup?: number | undefined;
  /** Where it is given. */
  readonly stop?: Required<StopOptions> | undefined;
  /** Where it is not the last. */
  readonly keep?: 'best' | undefined;
}

const DEFAULT: OptimizerConfig = { kind: 'adam', learningRate: 1e-3 };

function schemaOf(tables: Required<FitParts>) {
  const { optimizer, rules } = fitPartSchemas(tables);
  return v.strictObject(
    {
      optimizer: v.optional(optimizer, DEFAULT),
      rules: v.optional(rules),
      parts: v.optional(v.any()), // checked before
      epochs: v.optional(positiveInteger()),
      batchSize: v.optional(positiveInteger()),
      seed: v.optional(seed()),
      penaltyWarmup: v.optional(nonNegativeInteger()),
      stop: v.optional(
        v.strictObject(
          { patience: positiveInteger(), minDelta: v.optional(nonNegative(), 0) },
          'it must be an object such as { patience: 5, minDelta: 1e-4 }',
        ),
      ),
      keep: v.optional(oneOf(['best', 'last'] as const)),
      progressEvery: v.optional(nonNegative()),
      target: v.optional(v.any()), // checked as x is, both of them and the next two
      validation: v.optional(v.any()),
      validationTarget: v.optional(v.any()),
      onProgress: v.optional(v.function('it must be a function')),
      onEpoch: v.optional(v.function('it must be a function')),
      signal: v.optional(
        v.custom<AbortSignal>(
          (signal) => typeOf(signal) === 'AbortSignal',
          'it must be an AbortSignal, such as new AbortController().signal',
        ),
      ),
      checkpoint: v.optional(v.any()), // both checked by the module that they need, which is loaded for them alone
      resume: v.optional(v.any()),
      group: v.optional(v.any()),
    },
    'it must be an object such as { optimizer: { kind: "lbfgs", iterations: 400 } }',
  );
}

const ownTables = fitTables();
const ownSchema = schemaOf(ownTables);

/**
 * Steps and batches of a run on m examples. Optimizers that want the whole set have `iterations` epochs of one batch.
 * @throws InputError naming the key.
 */
export function planFit(options: FitOptions, m: number, modelSeed: number, precision: Precision = 'float64'): FitPlan {
  const parts = options?.parts;
  const tables = parts === undefined ? ownTables : fitTables(parts);
  const given = parse(parts === undefined ? ownSchema : schemaOf(tables), options, 'options');
  const { optimizer, rules } = given;
  assertHolds(optimizer, 'options.optimizer', precision);
  const { data, steps } = tables.optimizers[optimizer.kind];
  const { penaltyWarmup, stop, keep } = given;
  const common = {
    optimizer,
    ...(rules?.length ? { rules } : {}),
    ...(penaltyWarmup ? { penaltyWarmup } : {}),
    ...(stop ? { stop } : {}),
    ...(keep === 'best' ? { keep } : {}),
    seed: given.seed ?? modelSeed,
  };
  if (data === 'batch') {
    return { ...common, epochs: given.epochs ?? 10, batchSize: Math.min(given.batchSize ?? 100, m) };
  }
  for (const key of ['epochs', 'batchSize', 'rules', 'penaltyWarmup'] as const) {
    if (given[key] === undefined) continue;
    throw new InputError(
      `options.${key} is ${show(given[key])} with optimizer ${optimizer.kind}, which uses the whole set in each of its iterations: leave ${key} out, or use ${namesOf('batch', tables)}`,
    );
  }
  const epochs = (optimizer as unknown as Record<string, unknown>)[steps ?? ''];
  if (typeof epochs !== 'number' || !Number.isSafeInteger(epochs) || epochs < 1) {
    throw new InputError(`options.optimizer.${steps} is ${show(epochs)}: it must be a whole number, at least 1`);
  }
  return { ...common, epochs, batchSize: m };
}

/** The optimizers that take such data: "sgd or adam". */
function namesOf(data: 'batch' | 'whole', { optimizers }: Required<FitParts>): string {
  return Object.keys(optimizers)
    .filter((name) => optimizers[name].data === data)
    .join(' or ');
}

/** @throws InputError where validation examples are missing that `stop` or `keep` go by. */
export function assertValidated({ stop, keep }: FitPlan, validation: unknown): void {
  if (validation !== undefined || (stop === undefined && keep === undefined)) return;
  const [name, value] = stop === undefined ? ['keep', keep] : ['stop', stop];
  throw new InputError(
    `options.${name} is ${show(value)} without options.validation, the held-out examples whose error it goes by: add them, or leave it out`,
  );
}

/** A plan as text, to be compared: a schedule of a caller's own stands as a word, as what it gives cannot be compared. */
export function planText(plan: object): string {
  return JSON.stringify(plan, (_key, value) => (typeof value === 'function' ? 'a function' : value));
}
