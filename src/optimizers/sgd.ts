import * as v from 'valibot';
import { vectorView } from '../array/matrix.ts';
import type { Kernels, Storage } from '../kernels/kernels.ts';
import { halfOpenUnit } from '../validate.ts';
import { firstOrder } from './first-order.ts';
import type { Optimizer, OptimizerKind } from './optimizer.ts';
import { type Schedule, scheduleAt, scheduleSchema } from './schedule.ts';

/** Gradient descent on mini-batches, with momentum. */
export interface SgdOptions {
  /** η ≥ 0. */
  readonly learningRate: Schedule;
  /** μ ≥ 0. Default 0. */
  readonly momentum?: Schedule | undefined;
  /** Default false: classical momentum. */
  readonly nesterov?: boolean | undefined;
}

/**
 * v ← μv − ηg; θ ← θ + v (classical), or θ ← θ + μv − ηg with the new v (Nesterov, in the form that evaluates g at θ).
 * [Polyak 1964; Sutskever et al., ICML 2013]
 */
export function createSgd(
  k: Kernels,
  size: number,
  options: SgdOptions,
  steps: number,
  storage: Storage = k,
): Optimizer {
  const velocity = vectorView(storage.allocate(size));
  return firstOrder(k, storage, size, { velocity }, (theta, before, gradient, t) =>
    k.momentumStep(theta, before, velocity, gradient, {
      learningRate: scheduleAt(options.learningRate, t, steps),
      momentum: scheduleAt(options.momentum ?? 0, t, steps, 'momentum', 1),
      nesterov: options.nesterov ?? false,
    }),
  );
}

/** v ← μv − ηg; θ ← θ + v, or Nesterov's form. */
export interface SgdConfig extends SgdOptions {
  /** Of the optimizer. */
  readonly kind: 'sgd';
}

export const sgd: OptimizerKind<SgdConfig> = {
  schema: v.strictObject({
    kind: v.literal('sgd'),
    learningRate: scheduleSchema(),
    momentum: v.optional(scheduleSchema(halfOpenUnit)),
    nesterov: v.optional(v.boolean('it must be true or false')),
  }),
  data: 'batch',
  flags: {
    learningRate: { flag: '--learning-rate <eta>', takes: 'number', says: 'of sgd', byDefault: 0.1 },
    momentum: { flag: '--momentum <mu>', takes: 'number', says: 'of sgd', byDefault: 0.9 },
    nesterov: { flag: '--nesterov', takes: 'nothing', says: 'Nesterov momentum for sgd' },
  },
  create: (spec, { k, size, steps, storage }) => createSgd(k, size, spec, steps, storage),
};
