import type { MatrixLike } from '../array/view-check.ts';
import { blockRows } from '../data/stream/blocks.ts';
import { isRowSource, type RowSource, whereIn } from '../data/stream/row-source.ts';
import { InputError } from '../errors.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { assertModel } from '../model/model-check.ts';
import type { AutoencoderTerms } from '../model/terms.ts';
import type { BlockCheck } from './batch.ts';
import { beginCenter } from './begin-center.ts';
import { assertEpochsLeft } from './epochs-left.ts';
import { dataOf, type FitParts } from './fit-parts.ts';
import type { FitResult } from './history.ts';
import { assertValidated, type FitOptions, type FitPlan, type OwnFitOptions, planFit } from './options.ts';
import { assertShared } from './shared-fit.ts';
import { train } from './train.ts';

/**
 * Trains `model` on the examples x (m, d): minimises J over mini-batches in the order of (seed, epoch), or over the
 * whole set with L-BFGS. With mini-batches ρ̂ is the batch's mean. Corruption is drawn anew at every presentation from
 * (the model's seed, epoch, index of the example), the epoch counted over all runs of the model, those before it was saved
 * included; k of k-sparse units is annealed, and that of TopK and BatchTopK units with `annealFrom`. With L-BFGS, which needs the
 * same cost at every iteration, the corruption is that of one epoch and k is k from the start.
 * Examples of a RowSource go through in blocks, each checked as it is read, the next one read while steps run; the bits
 * are those of the same rows in memory.
 * @throws InputError for options or data that are not allowed; TrainingError naming step and term when the cost is not
 *   finite, θ then being the last good one; the signal's reason when aborted, θ then being that of the last step;
 *   CheckpointError when a checkpoint cannot be saved, θ then being that of the last step. Each of them, being an object,
 *   has the FitResult so far as `result`, and with `keep: 'best'` θ is that of the best epoch.
 */
export function fit<T extends AutoencoderTerms>(
  model: Autoencoder<T>,
  x: MatrixLike | RowSource,
  options: OwnFitOptions<T>,
): Promise<FitResult<T>>;
export function fit<T extends AutoencoderTerms>(
  model: Autoencoder<T>,
  x: MatrixLike | RowSource,
  options?: FitOptions<T>,
): Promise<FitResult<T>>;
export async function fit(
  model: Autoencoder,
  examples: MatrixLike | RowSource,
  given: FitOptions | OwnFitOptions = {},
): Promise<FitResult<AutoencoderTerms>> {
  const options = given as FitOptions;
  assertModel(model, 'Autoencoder');
  const x = isRowSource(examples) ? examples : model.input(examples, 'x');
  const check = isRowSource(x) ? checkOf(model, x) : undefined;
  const { engine } = model;
  const target = model.target(options?.target, x, 'options.target');
  const plan = planOf(model, options, x.shape[0]);
  const { parts } = options;
  if (isRowSource(x)) assertBlocks(x, plan, parts);
  const { onProgress, onEpoch, progressEvery, signal, checkpoint, resume, group } = options;
  assertValidated(plan, options.validation);
  const validation = options.validation && model.input(options.validation, 'options.validation');
  if (validation === undefined && options.validationTarget !== undefined) {
    throw new InputError(
      'options.validationTarget is given without options.validation, the examples that it belongs to: add them, or leave it out',
    );
  }
  const compared = validation && model.target(options.validationTarget, validation, 'options.validationTarget');
  const validate = validation && (() => engine.meanLoss(validation, compared, group));
  assertEpochsLeft(engine, plan, parts);
  const identity = { kind: 'autoencoder', ...model.config };
  const source = {
    x,
    ...(check ? { check } : {}),
    ...(target ? { labels: target } : {}),
    ...(validation ? { validation: { x: validation, ...(compared ? { labels: compared } : {}) } } : {}),
  };
  const begin = (ended?: AbortSignal) => beginCenter(model, x, ended);
  const result = await train(engine, {
    identity,
    begin,
    ...source,
    plan,
    validate,
    onProgress,
    onEpoch,
    progressEvery,
    signal,
    checkpoint,
    resume,
    group,
    parts,
  });
  return result as FitResult<AutoencoderTerms>;
}

/**
 * The plan, with the rule that the model itself asks for. @throws InputError as `planFit` does.
 * @internal
 */
export function planOf({ config, engine }: Autoencoder, options: FitOptions, m: number): FitPlan {
  const plan = planFit(options, m, config.seed, config.precision);
  if (engine.spec.shard !== undefined) assertShared(plan, options, dataOf(plan, options.parts));
  if (!config.unitNorm) return plan;
  if (dataOf(plan, options.parts) === 'whole') {
    throw new InputError(
      `options.optimizer is ${plan.optimizer.kind} with config.unitNorm, which changes θ after every step: use adam or sgd`,
    );
  }
  return { ...plan, rules: [...(plan.rules ?? []), { kind: 'unit-norm' }] };
}

/** The check of a source's blocks. @throws InputError at once for a shape that does not fit. */
function checkOf(model: Autoencoder, x: RowSource): BlockCheck {
  const [m, d] = x.shape;
  const { inputs } = model.config;
  if (!Number.isSafeInteger(m) || m < 1 || m >= 2 ** 32 || d !== inputs) {
    throw new InputError(
      `x has shape (${x.shape.join(', ')}): it must be (m, ${inputs}), an example a row, with m from 1 to 2^32 − 1; create the model for other sizes`,
    );
  }
  return (block, rowOf) => void model.input(block, 'x', true, (row) => whereIn(x, rowOf(row)));
}

/** @throws InputError where an optimizer of the whole set would need all blocks at once. */
function assertBlocks({ shape: [m, d] }: RowSource, { optimizer }: FitPlan, parts?: FitParts): void {
  if (dataOf({ optimizer }, parts) === 'batch' || blockRows(m, d) >= m) return;
  throw new InputError(
    `options.optimizer is ${optimizer.kind}, which needs all examples at once, and x has ${m} of ${d} numbers, which are read in blocks: use adam or sgd, or fewer examples (--limit)`,
  );
}
