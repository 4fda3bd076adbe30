import * as v from 'valibot';
import type { DataPlan } from '../data/prepare.ts';
import type { AutoencoderConfig } from '../model/config.ts';
import { nonNegative, oneOf, parse, positiveInteger, seed } from '../validate.ts';
import type { FitOptions } from './options.ts';

/** A whole run as plain JSON: what `rhohat train` does, and what it saves beside the model. */
export interface Run {
  /** A data set's name or a path. */
  readonly source: string;
  readonly data: DataPlan;
  /** `inputs` follows from the data. */
  readonly model: Omit<AutoencoderConfig, 'inputs'>;
  readonly fit: Pick<FitOptions, 'optimizer' | 'epochs' | 'batchSize' | 'seed'>;
  /** How many of the last examples are held out; their reconstruction error is reported. Default 0. */
  readonly heldOut?: number;
}

const dataSchema = v.strictObject({
  limit: v.optional(positiveInteger()),
  gray: v.optional(v.boolean('it must be true or false')),
  patches: v.optional(v.strictObject({ size: positiveInteger(), count: positiveInteger(), seed: seed() })),
  preprocessing: v.optional(
    v.array(
      v.variant(
        'kind',
        [
          v.strictObject({ kind: oneOf(['cs294a', 'standardize'] as const) }),
          v.strictObject({ kind: v.literal('zca'), epsilon: nonNegative() }),
          v.strictObject({
            kind: v.literal('pca'),
            epsilon: nonNegative(),
            components: v.optional(positiveInteger()),
          }),
        ],
        'it must be { kind: "cs294a" | "standardize" } or { kind: "zca" | "pca", epsilon }',
      ),
    ),
  ),
});

/** Checks a data plan key by key. @throws InputError naming the key. */
export function parseDataPlan(plan: unknown): DataPlan {
  return parse(dataSchema, plan, 'data') as DataPlan;
}

/** Published set-ups, and the default for the generated images. [../README.md] */
export const presets: Readonly<Record<string, Run>> = {
  /** Ng, CS294A assignment 1: 10,000 8×8 patches of whitened natural images, 64-25-64. */
  cs294a: {
    source: 'natural-images',
    data: { patches: { size: 8, count: 10_000, seed: 1 }, preprocessing: [{ kind: 'cs294a' }] },
    model: { hidden: 25, weightDecay: 1e-4, sparsity: { kind: 'kl', target: 0.01, weight: 3 } },
    fit: { optimizer: { kind: 'lbfgs', iterations: 400 } },
  },
  /** UFLDL, exercise "Vectorization": the first 10,000 MNIST digits, 784-196-784. */
  'ufldl-mnist': {
    source: 'mnist',
    data: { limit: 10_000 },
    model: { hidden: 196, weightDecay: 3e-3, sparsity: { kind: 'kl', target: 0.1, weight: 3 } },
    fit: { optimizer: { kind: 'lbfgs', iterations: 400 } },
  },
  /**
   * Generated dead leaves: whitened with a damping that keeps noise down, as the low-pass of natural images' whitening
   * does, then scaled as CS294A scales its patches.
   */
  'dead-leaves': {
    source: 'dead-leaves',
    data: {
      patches: { size: 10, count: 10_000, seed: 1 },
      preprocessing: [{ kind: 'zca', epsilon: 0.1 }, { kind: 'cs294a' }],
    },
    model: { hidden: 49, weightDecay: 1e-4, sparsity: { kind: 'kl', target: 0.01, weight: 3 } },
    fit: { optimizer: { kind: 'lbfgs', iterations: 200 } },
  },
};
