import * as v from 'valibot';
import type { AnyNumbers, Precision, View } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import { assertHolds } from '../model/precision-check.ts';
import { type OptimizerConfig, optimizerSchema } from '../optimizers/create.ts';
import { parse, positiveInteger, seed } from '../validate.ts';
import type { CheckpointOptions } from './checkpoint-options.ts';
import type { Progress } from './progress.ts';

/** How a model is trained, and what is told and kept on the way. */
export interface FitOptions {
  /** Default Adam with learning rate 1e-3. */
  readonly optimizer?: OptimizerConfig;
  /** Passes over the set; not with L-BFGS, which has `iterations`. Default 10. */
  readonly epochs?: number;
  /** Examples per step; not with L-BFGS, which uses the whole set. Default 100. */
  readonly batchSize?: number;
  /** Of the order of examples, a function of (seed, epoch). Default: the model's seed. */
  readonly seed?: number;
  /** Held-out examples (n, d): their reconstruction error is reported after every epoch. */
  readonly validation?: View<AnyNumbers>;
  /** Called after every step; a promise is waited for, and where it rejects, so does `fit`. */
  readonly onProgress?: (progress: Progress) => unknown;
  /**
   * Aborting ends training after the present step, with a last checkpoint where they are asked for: `fit` rejects with
   * the signal's reason, the model stays usable. What a caller's promise keeps waiting ends too: a read at once, the last
   * save after 30 s, with a CheckpointError.
   */
  readonly signal?: AbortSignal;
  /** Saves what it takes to go on, every so often. */
  readonly checkpoint?: CheckpointOptions;
  /**
   * A checkpoint to go on from, to the bits of a run that was never interrupted: with the same model config, options and
   * examples, which are compared. The model's parameters are replaced.
   */
  readonly resume?: Uint8Array;
}

/** The JSON part of the options, with defaults. */
export interface FitPlan {
  /** As given, or Adam. */
  readonly optimizer: OptimizerConfig;
  /** Passes over the set; the iterations of L-BFGS. */
  readonly epochs: number;
  /** Examples per step, at most m. */
  readonly batchSize: number;
  /** Of the order of examples. */
  readonly seed: number;
}

const schema = v.strictObject(
  {
    optimizer: v.optional(optimizerSchema, { kind: 'adam', learningRate: 1e-3 }),
    epochs: v.optional(positiveInteger()),
    batchSize: v.optional(positiveInteger()),
    seed: v.optional(seed()),
    validation: v.optional(v.any()), // checked as x is
    onProgress: v.optional(v.function('it must be a function')),
    signal: v.optional(v.instance(AbortSignal, 'it must be an AbortSignal, such as new AbortController().signal')),
    checkpoint: v.optional(v.any()), // both checked by the module that they need, which is loaded for them alone
    resume: v.optional(v.any()),
  },
  'it must be an object such as { optimizer: { kind: "lbfgs", iterations: 400 } }',
);

/**
 * Steps and batches of a run on m examples. L-BFGS: `iterations` epochs of one batch, the whole set.
 * @throws InputError naming the key.
 */
export function planFit(options: FitOptions, m: number, modelSeed: number, precision: Precision = 'float64'): FitPlan {
  const given = parse(schema, options, 'options');
  const optimizer = given.optimizer;
  assertHolds(optimizer, 'options.optimizer', precision);
  if (optimizer.kind === 'lbfgs') {
    for (const key of ['epochs', 'batchSize'] as const) {
      if (given[key] === undefined) continue;
      throw new InputError(
        `options.${key} is ${given[key]} with optimizer lbfgs, which uses the whole set in each of its iterations: leave ${key} out, or use sgd or adam`,
      );
    }
    return { optimizer, epochs: optimizer.iterations, batchSize: m, seed: given.seed ?? modelSeed };
  }
  return {
    optimizer,
    epochs: given.epochs ?? 10,
    batchSize: Math.min(given.batchSize ?? 100, m),
    seed: given.seed ?? modelSeed,
  };
}
