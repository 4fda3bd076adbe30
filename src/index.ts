/**
 * Models, training and proofs: everything that runs anywhere. {@link Autoencoder} is where to begin, {@link fit} trains
 * it, {@link checkGradient} proves it, {@link measure} and {@link inspect} say what came of it.
 *
 * @module rhohat
 */
export {
  type AnyNumbers,
  fromRows,
  type Matrix,
  type Numbers,
  type Precision,
  type Vector,
  type View,
} from './array/matrix.ts';
export type { CorruptionSpec } from './corruption/corruption.ts';
export type { GaussianSpec } from './corruption/gaussian.ts';
export type { MaskingSpec } from './corruption/masking.ts';
export type { MultiplicativeSpec } from './corruption/multiplicative.ts';
export type { SaltAndPepperSpec } from './corruption/salt-and-pepper.ts';
export type { RowSource } from './data/row-source.ts';
export { CheckpointError, EngineError, InputError, TrainingError } from './errors.ts';
export type { ActivationName, KernelOptions } from './kernels/kernels.ts';
export type { KSparseSpec } from './layers/selection.ts';
export { Autoencoder, type CostAndGradient } from './model/autoencoder.ts';
export { Classifier, type Labels } from './model/classifier.ts';
export type { ClassifierConfig, FullClassifierConfig } from './model/classifier-config.ts';
export type { AutoencoderConfig, FullConfig, FullSparsity, SparsityConfig } from './model/config.ts';
export type { Terms } from './model/engine.ts';
export {
  type CostFunction,
  checkGradient,
  checkGradientOf,
  compareGradients,
  type GradientCheck,
  type GradientCheckOptions,
  type ModelGradientCheck,
  numericGradient,
} from './model/gradient-check.ts';
export type { Initialization } from './model/initialize.ts';
export type { Memory } from './model/memory.ts';
export type { Parameters } from './model/parameter-access.ts';
export type { OptimizerConfig } from './optimizers/create.ts';
export type { AdamOptions, SgdOptions } from './optimizers/gradient-descent.ts';
export type { LbfgsOptions } from './optimizers/lbfgs.ts';
export type { Schedule } from './optimizers/schedule.ts';
export type { KlSpec } from './penalties/kl.ts';
export type { L1Spec } from './penalties/l1.ts';
export type { SparsityPenaltySpec } from './penalties/table.ts';
export type { CheckpointOptions } from './training/checkpoint-options.ts';
export { fit } from './training/fit.ts';
export { type ClassifierFitOptions, fitClassifier, type Stage } from './training/fit-classifier.ts';
export type { Histogram } from './training/histogram.ts';
export { type Inspection, inspect } from './training/inspection.ts';
export type { JacobianNorm } from './training/jacobian-norm.ts';
export { type Metrics, measure } from './training/metrics.ts';
export {
  type Attachments,
  deserializeClassifier,
  deserializeModel,
  type SavedClassifier,
  type SavedModel,
  serializeClassifier,
  serializeModel,
} from './training/model-file.ts';
export type { FitOptions } from './training/options.ts';
export type { Progress } from './training/progress.ts';
export type { Saturation } from './training/saturation.ts';
export { fitStack, type StackLayer, type StackOptions, stackClassifier, unroll } from './training/stack.ts';
export type { FitResult, HistoryEntry } from './training/train.ts';
