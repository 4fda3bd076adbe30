/**
 * Models, training and proofs: everything that runs anywhere. {@link Autoencoder} is where to begin, {@link fit} trains
 * it, {@link checkGradient} proves it, {@link measure} and {@link inspect} say what came of it.
 *
 * @module rhohat
 */
export {
  type AnyNumbers,
  type Block,
  fromRows,
  type Matrix,
  matrixView,
  type Numbers,
  type Precision,
  type TypedNumbers,
  type Vector,
  type View,
  vectorView,
} from './array/matrix.ts';
export { type TwoByteKind, TwoByteNumbers } from './array/two-byte.ts';
export type { MatrixLike } from './array/view-check.ts';
export type { CorruptionSpec } from './corruption/corruption.ts';
export type { GaussianSpec } from './corruption/gaussian.ts';
export type { MaskingSpec } from './corruption/masking.ts';
export type { MultiplicativeSpec } from './corruption/multiplicative.ts';
export type { SaltAndPepperSpec } from './corruption/salt-and-pepper.ts';
export type { RowSource } from './data/stream/row-source.ts';
export { CheckpointError, EngineError, InputError, TrainingError } from './errors.ts';
export type { Activation, Rate } from './kernels/activations/activation.ts';
export type { ActivationName } from './kernels/activations/table.ts';
export type { Gate, Jump } from './kernels/dictionary-kernels.ts';
export type {
  AdamStep,
  Adapter,
  KernelChoice,
  KernelKind,
  KernelOptions,
  Kernels,
  KlSparsity,
  MomentumStep,
  Results,
  Storage,
} from './kernels/kernels.ts';
export type { ScreenedProduct, Screening } from './kernels/screening.ts';
export type { AffineParameters, Trained } from './layers/affine.ts';
export type { BatchTopKSpec } from './layers/batch-top-k.ts';
export type { Code, SparseRows } from './layers/code.ts';
export type { GatedSpec } from './layers/gated.ts';
export type { JumpReluPenalty, JumpReluSpec } from './layers/jump-relu.ts';
export type { KSparseSpec } from './layers/k-sparse.ts';
export type { Latents } from './layers/latents.ts';
export type {
  BatchShare,
  Layer,
  LayerDefaults,
  LayerKind,
  LayerPass,
  LayerPlace,
  LayerTensor,
  Levels,
  TensorSpec,
} from './layers/layer.ts';
export type { LayerKindSpec } from './layers/table.ts';
export type { TopKSpec } from './layers/top-k.ts';
export { createUnits, type Selection, type UnitsOptions } from './layers/units.ts';
export type { CodeUse } from './measures/code-use.ts';
export type { FiringDensity } from './measures/density.ts';
export type { Histogram } from './measures/histogram.ts';
export type { Inspection } from './measures/inspection.ts';
export type { JacobianNorm } from './measures/jacobian-norm.ts';
export type { MeasureOptions, Metrics } from './measures/metrics.ts';
export { codeUse, explainedVariance, explainedVarianceLegacy, meanCosine, normRatio } from './measures/of-arrays.ts';
export { inspect, measure, recoveryOf, topExamples } from './measures/on-demand.ts';
export type { Reconstruction } from './measures/reconstruction.ts';
export type { Recovery } from './measures/recovery.ts';
export type { Saturation } from './measures/saturation.ts';
export type { Answered } from './measures/top-examples.ts';
export type { FeaturesLike, TrueFeatures } from './measures/true-features.ts';
export { Autoencoder, type CostAndGradient, type TargetOption } from './model/autoencoder.ts';
export { Classifier, type Labels } from './model/classifier.ts';
export type { ClassifierConfig, FullClassifierConfig } from './model/classifier-config.ts';
export type {
  AutoencoderConfig,
  FullConfig,
  FullSparsity,
  OwnConfig,
  OwnSpec,
  SparsityConfig,
} from './model/config.ts';
export type { DictionaryConfig, FullDictionaryConfig } from './model/dictionary-config.ts';
export type { Group } from './model/group.ts';
export type { Initialization } from './model/initialize.ts';
export type { CreateOptions } from './model/kernel-options.ts';
export type { Memory } from './model/memory.ts';
export type { Parameters } from './model/parameter-access.ts';
export type { Parts } from './model/parts.ts';
export type { Runtime } from './model/runtime.ts';
export type { AutoencoderTerms, AuxiliaryTerms, ClassifierTerms, Terms, TermsOf } from './model/terms.ts';
export type { AdamConfig, AdamOptions } from './optimizers/adam.ts';
export type { LbfgsConfig, LbfgsOptions } from './optimizers/lbfgs.ts';
export type {
  Evaluated,
  Optimizer,
  OptimizerKind,
  OptimizerPlace,
  OptimizerState,
  Problem,
  StepResult,
} from './optimizers/optimizer.ts';
export type { Schedule } from './optimizers/schedule.ts';
export type { SgdConfig, SgdOptions } from './optimizers/sgd.ts';
export type { OptimizerConfig } from './optimizers/table.ts';
export type { Kinded, PartFlag, PartKind } from './part.ts';
export {
  type CostFunction,
  checkGradient,
  checkGradientOf,
  compareGradients,
  type GradientCheck,
  type GradientCheckOptions,
  type ModelGradientCheck,
  numericGradient,
} from './proof/gradient-check.ts';
export type { AuxKSpec } from './terms/aux-k.ts';
export type { KlSpec } from './terms/kl.ts';
export type { L1Spec } from './terms/l1.ts';
export type { AuxiliarySpec, SparsityPenaltySpec } from './terms/table.ts';
export type { Detached, Moment, Term, TermKind, TermPass, TermPlace, UseOfZ } from './terms/term.ts';
export type { CheckpointOptions } from './training/checkpoints/checkpoint-options.ts';
export { fit } from './training/fit.ts';
export type { FitAllOptions } from './training/fit-all.ts';
export type { ClassifierFitOptions, Stage } from './training/fit-classifier.ts';
export type { FitParts } from './training/fit-parts.ts';
export type { FitResult, HistoryEntry } from './training/history.ts';
export {
  type Attachments,
  deserializeClassifier,
  deserializeModel,
  type SavedClassifier,
  type SavedModel,
  serializeClassifier,
  serializeModel,
} from './training/model-file.ts';
export { fitAll, fitClassifier, fitStack, partialFit, stackClassifier, unroll } from './training/on-demand.ts';
export type { FitOptions, OwnFitOptions, StopOptions } from './training/options.ts';
export type { Progress, Told } from './training/progress.ts';
export type { ClipNormSpec } from './training/rules/clip-norm.ts';
export type { ResampleSpec } from './training/rules/resample.ts';
export type { Rule, RuleKind, RuleParameter, RulePlace, Step, StepPass } from './training/rules/rule.ts';
export type { RuleConfig } from './training/rules/table.ts';
export type { UnitNormSpec } from './training/rules/unit-norm.ts';
export type { FittedStack, StackLayer, StackOptions } from './training/stack.ts';
export type {
  Batches,
  BatchRead,
  BatchReader,
  BatchStream,
  StreamBatch,
  StreamOptions,
  StreamResult,
  TargetedBatch,
} from './training/stream-options.ts';
export { layerIndex } from './validate.ts';
