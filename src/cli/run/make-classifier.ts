import { InputError } from '../../errors.ts';
import type { KernelOptions } from '../../kernels/kernels.ts';
import { Classifier } from '../../model/classifier.ts';
import { stackClassifier } from '../../training/stack.ts';
import type { Labelled, Stack } from './classify-data.ts';
import type { ClassifyFlags } from './classify-flags.ts';

/** Every class has weights and a place in every one-hot label. */
const MOST_CLASSES = 2 ** 16;

/** An untrained softmax for the classes of the training examples, on the stack's models or on the examples themselves. */
export async function makeClassifier(
  { models }: Stack,
  { x, labels }: Labelled,
  flags: ClassifyFlags,
  kernels: KernelOptions,
): Promise<Classifier> {
  const classes = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  if (classes > MOST_CLASSES) {
    throw new InputError(`the largest label is ${classes - 1}: number the classes from 0, up to ${MOST_CLASSES - 1}`);
  }
  const options = {
    classes,
    weightDecay: flags.weightDecay,
    hiddenWeightDecay: flags.hiddenWeightDecay,
    seed: flags.seed ?? 1,
  };
  return models.length > 0
    ? stackClassifier(models, options)
    : Classifier.create({ inputs: x.shape[1], hidden: [], precision: flags.precision, ...options }, kernels);
}
