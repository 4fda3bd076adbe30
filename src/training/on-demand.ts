import type { MatrixLike } from '../array/view-check.ts';
import type { RowSource } from '../data/stream/row-source.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import type { Classifier, Labels } from '../model/classifier.ts';
import type { ClassifierConfig } from '../model/classifier-config.ts';
import type { ClassifierTerms } from '../model/terms.ts';
import type { FitAllOptions } from './fit-all.ts';
import type { ClassifierFitOptions } from './fit-classifier.ts';
import type { FitResult } from './history.ts';
import type { FittedStack, StackLayer, StackOptions } from './stack.ts';
import type { Batches, StreamOptions, StreamResult } from './stream-options.ts';

// What few programs train with: loaded when it is called.

/**
 * Trains on batches as they come, one step each, and goes on at the next call: optimizer, rules, the count of steps and the
 * draws of corruption are kept with the model until it is disposed, or until other ones are asked for. `batches`: one
 * batch (n, d); or any number of them, of any sizes, from an iterable, an async iterable or a ReadableStream; of
 * a transcoder `{ x, target }` each. A model that is centred begins c at the mean of the first batch.
 * @throws InputError for options or a batch that are not allowed, θ then being that of the last step; TrainingError as `fit`
 *   does; the signal's reason when aborted. Each of them, being an object, has the StreamResult so far as `result`.
 */
export async function partialFit(
  model: Autoencoder,
  batches: Batches,
  options: StreamOptions = {},
): Promise<StreamResult> {
  return (await import('./stream.ts')).partialFit(model, batches, options);
}

/**
 * Trains several models, such as dictionaries of several widths, k and seeds, in one pass over the data: every block of a
 * source is read once for all of them. Each has an optimizer of its own and ends with the bits that `fit` alone would give
 * it; the order of the examples is that of `seed`, by default the first model's, for all.
 * @throws InputError as `fit` does, and for a model that is given twice; where one fails the others end too, and keep what they
 *   have learnt. What each had come to is in `results` of the error, where that is an object.
 */
export async function fitAll(
  models: readonly Autoencoder[],
  x: MatrixLike | RowSource,
  options: FitAllOptions = {},
): Promise<FitResult[]> {
  return (await import('./fit-all.ts')).fitAll(models, x, options);
}

/**
 * Trains a classifier on examples x (m, d) with labels: minimises −(1/m) Σₖ log p(yₖ | xₖ) + (λ/2) ‖Θ‖², and the hidden
 * weights' decay where it is asked for. Layers below the stage keep their parameters; for the softmax alone the codes are
 * computed once.
 * @throws as `fit` does.
 */
export async function fitClassifier(
  classifier: Classifier,
  x: MatrixLike,
  labels: Labels,
  options: ClassifierFitOptions = {},
): Promise<FitResult<ClassifierTerms>> {
  return (await import('./fit-classifier.ts')).fitClassifier(classifier, x, labels, options);
}

/**
 * Greedy layer-wise training: layer i is trained on the clean codes of layer i − 1, the first on x (m, d). Corruption is
 * drawn anew on each layer's own input and never handed on. [Vincent et al. 2010, §3.5; Hinton & Salakhutdinov 2006]
 * @throws as `fit` does; InputError for a layer that is not a single hidden layer.
 */
export async function fitStack(
  x: MatrixLike,
  layers: readonly StackLayer[],
  options: StackOptions = {},
): Promise<FittedStack> {
  return (await import('./stack.ts')).fitStack(x, layers, options);
}

/**
 * The stack as one deep, mirrored autoencoder with the same parameters: encoders upwards, decoders back down, to be
 * fine-tuned as a whole. Loss, output units, weight decay, weight L1 and precision are the first model's; penalties and corruption
 * of the layers are left behind, but layers that select stay so, with their state; what a centred layer takes from its input
 * goes into its bias. [Hinton & Salakhutdinov, Science 2006]
 * @throws InputError if sizes or activations do not meet.
 */
export async function unroll(models: readonly Autoencoder[]): Promise<Autoencoder> {
  return (await import('./stack.ts')).unroll(models);
}

/**
 * A softmax classifier on top of the encoders of the stack, or of a deep autoencoder, to be fine-tuned; k-sparse layers
 * stay so and keep αk.
 * @throws InputError if sizes do not meet, or a key is not allowed.
 */
export async function stackClassifier(
  models: readonly Autoencoder[],
  config: Pick<ClassifierConfig, 'classes' | 'corruption' | 'dropout' | 'weightDecay' | 'hiddenWeightDecay' | 'seed'>,
): Promise<Classifier> {
  return (await import('./stack.ts')).stackClassifier(models, config);
}
