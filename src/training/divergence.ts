import type { AnyNumbers, View } from '../array/matrix.ts';
import { columnScale, round, unscaled } from '../data/preprocessing/column-scale.ts';
import { TrainingError } from '../errors.ts';
import type { Evaluation } from '../model/engine.ts';
import type { StepResult } from '../optimizers/optimizer.ts';
import { historySoFar, type Position } from './position.ts';

/** What is known of training whose cost, gradient or parameters are no longer finite. */
export interface Divergence {
  /** The step whose cost or gradient is not finite; null where the update after the last step was not. */
  readonly result: StepResult<Evaluation> | null;
  /** Before that step, or after the last one. */
  readonly position: Position;
  /** Examples of the last step; null before the first. */
  readonly x: View<AnyNumbers> | null;
  /** What its spec names: L-BFGS has no learning rate. */
  readonly optimizer: object;
}

/** A cost rises by less while k is annealed, and from batch to batch. */
const RISEN = 10;

/** The error that says when and where it happened, and what to do as far as that follows from what is measured. */
export function diverged(given: Divergence): TrainingError {
  const { result, position } = given;
  const step = position.step + (result === null ? 0 : 1);
  const bad = Object.entries(result?.evaluation.terms ?? {}).find(([, value]) => !Number.isFinite(value));
  const [term, value] = result === null ? ['parameters', 0] : (bad ?? ['gradient', result.evaluation.gradientNorm]);
  const what = result === null ? 'the parameters are no longer finite' : `the ${term} term is ${value}`;
  return new TrainingError(
    `step ${step}: ${what}; training stopped and the model keeps its last good parameters${remedyOf(given)}`,
    step,
    term,
  );
}

/** The error about squares of the gradient that an optimizer cannot hold. */
export function overflowed(
  { overflow, evaluation: { gradientNorm } }: StepResult<Evaluation>,
  step: number,
): TrainingError {
  return new TrainingError(
    `step ${step}: ${overflow} overflows float32, as ‖∂J/∂θ‖ is ${gradientNorm.toPrecision(3)}; training stopped and the model keeps its last good parameters: standardize the data or scale them down, or use float64`,
    step,
    'gradient',
  );
}

/** The error about validation examples whose error is not finite after the last update. */
export function invalid(validation: number, given: Divergence): TrainingError {
  const { step } = given.position;
  return new TrainingError(
    `step ${step}: the validation error is ${validation} after it; training stopped and the model keeps its last good parameters${remedyOf(given) || ': scale the data down, or use float64'}`,
    step,
    'validation',
  );
}

/** ": …", or nothing. */
function remedyOf({ x, result, position, optimizer }: Divergence): string {
  const problem = x && unscaled(columnScale(x));
  const cost = result?.evaluation.cost ?? Number.NaN;
  // Of the first epoch, or of what is done of it: a resumed run says the same.
  const first = historySoFar(position)[0]?.cost;
  const rose = first !== undefined && !(cost <= RISEN * first); // NaN too
  const what =
    result === null ? 'an update overflowed' : rose ? `the cost rose from ${round(first)} to ${round(cost)}` : '';
  const parts = [
    problem && `${problem}, so standardize them (--preprocess standardize)`,
    what !== '' && 'learningRate' in optimizer && `${what}, so try a lower learning rate`,
  ].filter(Boolean);
  return parts.length === 0 ? '' : `: ${parts.join('; ')}`;
}
