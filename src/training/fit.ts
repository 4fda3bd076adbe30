import type { AnyNumbers, View } from '../array/matrix.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { type FitOptions, planFit } from './options.ts';
import { type FitResult, train } from './train.ts';

/**
 * Trains `model` on the examples x (m, d): minimises J over mini-batches in the order of (seed, epoch), or over the
 * whole set with L-BFGS. With mini-batches ρ̂ is the batch's mean. Corruption is drawn anew at every presentation from
 * (the model's seed, epoch, index of the example), and k-sparse units are annealed; with L-BFGS, which needs the same
 * cost at every iteration, the corruption is that of the first epoch and k is k from the start.
 * @throws InputError for options or data that are not allowed; TrainingError naming step and term when the cost is not
 *   finite, θ then being the last good one; the signal's reason when aborted, θ then being that of the last step.
 */
export async function fit(model: Autoencoder, x: View<AnyNumbers>, options: FitOptions = {}): Promise<FitResult> {
  model.assertInput(x, 'x');
  const { engine } = model;
  const plan = planFit(options, x.shape[0], model.config.seed);
  const { validation, onProgress, signal } = options;
  if (validation !== undefined) model.assertInput(validation, 'options.validation');
  const validate = validation && (() => engine.dataTerm(validation));
  return train(engine, { x, plan, validate, onProgress, signal });
}
