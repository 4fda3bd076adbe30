import * as v from 'valibot';
import type { Kernels, Storage } from '../kernels/kernels.ts';
import { halfOpenUnit, nonNegative, positive, positiveInteger } from '../validate.ts';
import { type AdamOptions, createAdam, createSgd, type SgdOptions } from './gradient-descent.ts';
import { createLbfgs, type LbfgsOptions } from './lbfgs.ts';
import type { Optimizer } from './optimizer.ts';
import { scheduleSchema } from './schedule.ts';

/** How θ goes down: L-BFGS on the whole set, SGD or Adam on mini-batches. */
export type OptimizerConfig =
  | ({
      /** Quasi-Newton steps with a strong Wolfe line search. [Nocedal & Wright, algorithms 7.4, 3.5, 3.6] */
      readonly kind: 'lbfgs';
      /** At most so many, each over the whole set. */
      readonly iterations: number;
    } & LbfgsOptions)
  | ({
      /** v ← μv − ηg; θ ← θ + v, or Nesterov's form. */
      readonly kind: 'sgd';
    } & SgdOptions)
  | ({
      /** θ ← θ − η·m̂/(√v̂ + ε). [Kingma & Ba, ICLR 2015] */
      readonly kind: 'adam';
    } & AdamOptions);

export const optimizerSchema = v.variant(
  'kind',
  [
    v.strictObject({
      kind: v.literal('lbfgs'),
      iterations: positiveInteger(),
      history: v.optional(positiveInteger()),
      tolerance: v.optional(nonNegative()),
    }),
    v.strictObject({
      kind: v.literal('sgd'),
      learningRate: scheduleSchema(),
      momentum: v.optional(scheduleSchema(halfOpenUnit)),
      nesterov: v.optional(v.boolean('it must be true or false')),
    }),
    v.strictObject({
      kind: v.literal('adam'),
      learningRate: scheduleSchema(),
      beta1: v.optional(halfOpenUnit()),
      beta2: v.optional(halfOpenUnit()),
      epsilon: v.optional(positive()),
    }),
  ],
  'it must be an object such as { kind: "adam", learningRate: 1e-3 }, of the kind lbfgs, sgd or adam',
);

/** The optimizer of a config for a θ of `size` numbers, its state in `storage`; `steps` scales its schedules. */
export function createOptimizer(
  k: Kernels,
  size: number,
  config: OptimizerConfig,
  steps: number,
  storage: Storage = k,
): Optimizer {
  switch (config.kind) {
    case 'lbfgs':
      // Of a short run no more pairs are remembered than it has iterations.
      return createLbfgs(k, size, { ...config, history: Math.min(config.history ?? 20, config.iterations) }, storage);
    case 'sgd':
      return createSgd(k, size, config, steps, storage);
    case 'adam':
      return createAdam(k, size, config, steps, storage);
  }
}
