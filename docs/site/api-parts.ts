/**
 * Types that those of the entry points are made of and that cannot be imported by name: write the object, or take the
 * type from the one it is part of, as in `AutoencoderConfig['corruption']`.
 *
 * @module Parts of types
 */
export type { AnyNumbers } from '../../src/array/matrix.ts';
export type { CorruptionSpec } from '../../src/corruption/corruption.ts';
export type { GaussianSpec } from '../../src/corruption/gaussian.ts';
export type { MaskingSpec } from '../../src/corruption/masking.ts';
export type { MultiplicativeSpec } from '../../src/corruption/multiplicative.ts';
export type { SaltAndPepperSpec } from '../../src/corruption/salt-and-pepper.ts';
export type { Contrast } from '../../src/data/contrast.ts';
export type { Cs294a } from '../../src/data/cs294a.ts';
export type { Fingerprint } from '../../src/data/fingerprint.ts';
export type { Standardize } from '../../src/data/standardize.ts';
export type { Whitening, WhiteningSpec } from '../../src/data/whitening.ts';
export type { ActivityHistogramOptions } from '../../src/figures/activity-histogram.ts';
export type { Shrinkage } from '../../src/figures/shrinkage-paths.ts';
export type { Point } from '../../src/figures/thin.ts';
export type { KSparseSpec } from '../../src/layers/selection.ts';
export type { FullSparsity } from '../../src/model/config.ts';
export type { Terms } from '../../src/model/engine.ts';
export type { Initialization } from '../../src/model/initialize.ts';
export type { Fetch } from '../../src/node/download.ts';
export type { FilePort, OpenFile } from '../../src/node/file-port.ts';
export type { ShardSource } from '../../src/node/shard-source.ts';
export type { AdamOptions, SgdOptions } from '../../src/optimizers/gradient-descent.ts';
export type { LbfgsOptions } from '../../src/optimizers/lbfgs.ts';
export type { OptimizerState } from '../../src/optimizers/optimizer.ts';
export type { KlSpec } from '../../src/penalties/kl.ts';
export type { L1Spec } from '../../src/penalties/l1.ts';
export type { SparsityPenaltySpec } from '../../src/penalties/table.ts';
export type { Checkpoint } from '../../src/training/checkpoint.ts';
export type { JacobianNorm } from '../../src/training/jacobian-norm.ts';
export type { FitPlan } from '../../src/training/options.ts';
export type { Position } from '../../src/training/position.ts';
export type { Saturation } from '../../src/training/saturation.ts';
