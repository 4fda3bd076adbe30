import * as v from 'valibot';
import { vectorView } from '../array/matrix.ts';
import { biasCorrection } from '../kernels/bias-correction.ts';
import type { Kernels, Storage } from '../kernels/kernels.ts';
import { halfOpenUnit, positive } from '../validate.ts';
import { firstOrder, type Update } from './first-order.ts';
import type { Optimizer, OptimizerKind } from './optimizer.ts';
import { type Schedule, scheduleAt, scheduleSchema } from './schedule.ts';

/** Adam on mini-batches. */
export interface AdamOptions {
  /** η ≥ 0. */
  readonly learningRate: Schedule;
  /** β₁ of the mean gradient. Default 0.9. */
  readonly beta1?: number | undefined;
  /** β₂ of the mean square. Default 0.999. */
  readonly beta2?: number | undefined;
  /** ε, added outside the square root. Default 1e-8. */
  readonly epsilon?: number | undefined;
}

/** √FLT_MAX, less rounding: v is a mean of squares, so it stays finite where no |gᵢ| was above. */
const LARGEST_SQUARED = 1.8e19;

/** m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; θ ← θ − η·m̂/(√v̂ + ε). [Kingma & Ba, ICLR 2015, Algorithm 1] */
export function createAdam(
  k: Kernels,
  size: number,
  options: AdamOptions,
  steps: number,
  storage: Storage = k,
): Optimizer {
  const first = vectorView(storage.allocate(size));
  const second = vectorView(storage.allocate(size));
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const update: Update = (theta, before, gradient, t) => {
    const learningRate = scheduleAt(options.learningRate, t, steps);
    k.adamStep(theta, before, first, second, gradient, { learningRate, beta1, beta2, epsilon, step: t + 1 });
  };
  /** Where v̂ is infinite the weight stands still, whatever its gradient: no step would show it. */
  const overflow = async (gradientNorm: number, t: number) => {
    if (k.precision === 'float64' || gradientNorm <= LARGEST_SQUARED) return null;
    const correction = biasCorrection(beta2, t + 1);
    const moments = await k.copyOut(second);
    const finite = moments.every((v: number) => Number.isFinite(Math.fround(v / correction)));
    return finite ? null : 'the mean square of the gradient, which Adam divides by,';
  };
  return firstOrder(k, storage, size, { first, second }, update, overflow);
}

/** θ ← θ − η·m̂/(√v̂ + ε). [Kingma & Ba, ICLR 2015] */
export interface AdamConfig extends AdamOptions {
  /** Of the optimizer. */
  readonly kind: 'adam';
}

export const adam: OptimizerKind<AdamConfig> = {
  schema: v.strictObject({
    kind: v.literal('adam'),
    learningRate: scheduleSchema(),
    beta1: v.optional(halfOpenUnit()),
    beta2: v.optional(halfOpenUnit()),
    epsilon: v.optional(positive()),
  }),
  data: 'batch',
  flags: { learningRate: { flag: '--learning-rate <eta>', takes: 'number', says: 'of adam', byDefault: 1e-3 } },
  create: (spec, { k, size, steps, storage }) => createAdam(k, size, spec, steps, storage),
};
