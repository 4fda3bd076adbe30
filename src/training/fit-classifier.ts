import { type AnyNumbers, matrix, type View } from '../array/matrix.ts';
import type { MatrixLike } from '../array/view-check.ts';
import { InputError } from '../errors.ts';
import { Classifier, type Labels } from '../model/classifier.ts';
import { assertModel } from '../model/model-check.ts';
import { writeParameters } from '../model/parameter-access.ts';
import type { ClassifierTerms } from '../model/terms.ts';
import { show } from '../validate.ts';
import { assertEpochsLeft } from './epochs-left.ts';
import type { FitResult } from './history.ts';
import { assertValidated, type FitOptions, planFit } from './options.ts';
import { train } from './train.ts';
import type { TrainingRun } from './training-run.ts';

/** What fine-tuning changes: the softmax alone, the top hidden layer with it, or every layer. */
export const stages = ['softmax', 'top', 'all'] as const;
/** What fine-tuning changes: the softmax alone, the top hidden layer with it, or every layer. */
export type Stage = (typeof stages)[number];

/** As of `fit`, with a stage of fine-tuning, and labels for the validation examples. */
export interface ClassifierFitOptions extends Omit<FitOptions<ClassifierTerms>, 'validation'> {
  /** Default all. Staged fine-tuning is three calls: softmax, top, all. */
  readonly stage?: Stage | undefined;
  /** Held-out examples: their classification cost is reported after every epoch. */
  readonly validation?:
    | {
        /** (n, d). */
        readonly x: MatrixLike;
        /** n of them. */
        readonly labels: Labels;
      }
    | undefined;
}

/** See `fitClassifier` of the package. */
export async function fitClassifier(
  classifier: Classifier,
  x: MatrixLike,
  labels: Labels,
  options: ClassifierFitOptions = {},
): Promise<FitResult<ClassifierTerms>> {
  assertModel(classifier, 'Classifier');
  return fitStage(classifier, x, labels, options ?? {});
}

async function fitStage(
  classifier: Classifier,
  examples: MatrixLike,
  labels: Labels,
  { stage = 'all', validation, ...rest }: ClassifierFitOptions,
  origin?: TrainingRun['origin'],
): Promise<FitResult<ClassifierTerms>> {
  if (!stages.includes(stage))
    throw new InputError(`options.stage is ${show(stage)}: it must be one of ${stages.join(', ')}`);
  const x = classifier.input(examples, 'x');
  const m = x.shape[0];
  const targets = classifier.oneHot(labels, m, 'labels');
  const plan = planFit(rest, m, classifier.config.seed, classifier.config.precision);
  assertValidated(plan, validation);
  const heldOut = validation && classifier.input(validation.x, 'options.validation.x');
  const held = heldOut && {
    x: heldOut,
    labels: classifier.oneHot(validation.labels, heldOut.shape[0], 'options.validation.labels'),
  };
  const depth = classifier.config.hidden.length;
  if (stage === 'softmax' && depth > 0) {
    return fitSoftmax(classifier, x, labels, {
      ...(held ? { validation: { x: held.x, labels: validation.labels } } : {}),
      ...rest,
    });
  }
  const lowest = { softmax: depth, top: Math.max(0, depth - 1), all: 0 }[stage];
  const { engine } = classifier;
  const { onProgress, onEpoch, progressEvery, signal, checkpoint, resume, group, parts } = rest;
  assertEpochsLeft(engine, plan, parts);
  const validate = held && (() => engine.meanLoss(held.x, held.labels, group));
  const identity = { kind: 'classifier', stage, ...classifier.config };
  const result = await train(engine, {
    identity,
    x,
    labels: targets,
    origin,
    plan,
    lowest,
    validate,
    ...(held ? { validation: held } : {}),
    onProgress,
    onEpoch,
    progressEvery,
    signal,
    checkpoint,
    resume,
    group,
    parts,
  });
  return result as FitResult<ClassifierTerms>;
}

/** Softmax regression on the codes of all hidden layers, its weights then taken over. */
async function fitSoftmax(
  classifier: Classifier,
  x: View<AnyNumbers>,
  labels: Labels,
  {
    validation,
    ...options
  }: Omit<ClassifierFitOptions, 'validation'> & {
    readonly validation?: { readonly x: View<AnyNumbers>; readonly labels: Labels } | undefined;
  },
): Promise<FitResult<ClassifierTerms>> {
  const { config, engine } = classifier;
  const depth = config.hidden.length;
  const inputs = config.hidden[depth - 1];
  const codes = async (data: View<AnyNumbers>) =>
    matrix(await engine.propagate(data, 0, depth, 'encoding'), data.shape[0], inputs);
  const { classes, weightDecay, precision, seed } = config;
  const softmax = await Classifier.create(
    { inputs, hidden: [], classes, weightDecay, precision, seed },
    engine.options,
  );
  const take = async (from: Classifier) => {
    const { 'softmax.weight': weight, 'softmax.bias': bias } = await from.parameters();
    return { 'softmax.weight': weight, 'softmax.bias': bias };
  };
  engine.assertIdle('fitClassifier was called');
  const takeOver = () => engine.exclusive(async () => writeParameters(engine, await take(softmax)));
  engine.training = true; // until its weights are taken over, this classifier is being trained too
  engine.refresh = takeOver;
  try {
    softmax.setParameters(await take(classifier));
    const held = validation && { x: await codes(validation.x), labels: validation.labels };
    const { layout, kernels, theta } = engine;
    // θ without the softmax, which comes last.
    const { offset } = layout.parameters[layout.parameters.length - 2];
    const frozen = matrix((await kernels.copyOut(theta)).subarray(0, offset), 1, offset);
    return await fitStage(
      softmax,
      await codes(x),
      labels,
      { ...options, ...(held === undefined ? {} : { validation: held }) },
      { x, frozen, ...(validation ? { validation: validation.x } : {}) },
    );
  } finally {
    // When aborted too: what was learnt until then. Calls under way end first.
    await takeOver().finally(() => {
      engine.training = false;
      engine.refresh = null;
      softmax.dispose();
    });
  }
}
