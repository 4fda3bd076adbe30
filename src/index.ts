export type { Matrix, Numbers, Precision, Vector, View } from './array/matrix.ts';
export { InputError, TrainingError } from './errors.ts';
export type { ActivationName } from './kernels/kernels.ts';
export { Autoencoder, type CostAndGradient, type Parameters } from './model/autoencoder.ts';
export type { AutoencoderConfig, FullConfig, SparsityConfig } from './model/config.ts';
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
export type { OptimizerConfig } from './optimizers/create.ts';
export type { Schedule } from './optimizers/schedule.ts';
export { type FitResult, fit, type HistoryEntry } from './training/fit.ts';
export { type Metrics, measure } from './training/metrics.ts';
export { type Attachments, deserializeModel, type SavedModel, serializeModel } from './training/model-file.ts';
export type { FitOptions } from './training/options.ts';
export type { Progress } from './training/progress.ts';
