import { type Vector, vector } from '../array/matrix.ts';
import type { Kernels, Storage } from '../kernels/kernels.ts';
import type { Optimizer, Problem, StepResult } from './optimizer.ts';
import { type Schedule, scheduleAt } from './schedule.ts';

/** Gradient descent on mini-batches, with momentum. */
export interface SgdOptions {
  /** η ≥ 0. */
  readonly learningRate: Schedule;
  /** μ ≥ 0. Default 0. */
  readonly momentum?: Schedule;
  /** Default false: classical momentum. */
  readonly nesterov?: boolean;
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
  const velocity = vector(storage.allocate(size));
  return firstOrder(k, storage, size, { velocity }, (theta, before, gradient, t) =>
    k.momentumStep(theta, before, velocity, gradient, {
      learningRate: scheduleAt(options.learningRate, t, steps),
      momentum: scheduleAt(options.momentum ?? 0, t, steps),
      nesterov: options.nesterov ?? false,
    }),
  );
}

/** Adam on mini-batches. */
export interface AdamOptions {
  /** η ≥ 0. */
  readonly learningRate: Schedule;
  /** β₁ of the mean gradient. Default 0.9. */
  readonly beta1?: number;
  /** β₂ of the mean square. Default 0.999. */
  readonly beta2?: number;
  /** ε, added outside the square root. Default 1e-8. */
  readonly epsilon?: number;
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
  const first = vector(storage.allocate(size));
  const second = vector(storage.allocate(size));
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const update: Update = (theta, before, gradient, t) => {
    const learningRate = scheduleAt(options.learningRate, t, steps);
    k.adamStep(theta, before, first, second, gradient, { learningRate, beta1, beta2, epsilon, step: t + 1 });
  };
  /** Where v̂ is infinite the weight stands still, whatever its gradient: no step would show it. */
  const overflow = (gradientNorm: number, t: number) => {
    if (k.precision === 'float64' || gradientNorm <= LARGEST_SQUARED) return null;
    const correction = 1 - beta2 ** (t + 1);
    const finite = k.copyOut(second).every((v: number) => Number.isFinite(Math.fround(v / correction)));
    return finite ? null : 'the mean square of the gradient, which Adam divides by,';
  };
  return firstOrder(k, storage, size, { first, second }, update, overflow);
}

type Update = (theta: Vector, before: Vector, gradient: Vector, t: number) => void;

/** One evaluation, then one update of θ, unless cost or gradient is not finite. `moments`: what the update adds to; `overflow`: what of it is infinite. */
function firstOrder(
  k: Kernels,
  storage: Storage,
  size: number,
  moments: Readonly<Record<string, Vector>>,
  update: Update,
  overflow: (gradientNorm: number, t: number) => string | null = () => null,
): Optimizer {
  const norm = k.allocateResults(1);
  const before = vector(storage.allocate(size));
  const kept = Object.entries({ ...moments, before });
  let t = 0;
  return {
    async step<E extends { readonly cost: number }>(problem: Problem<E>): Promise<StepResult<E>> {
      const evaluation = await problem.evaluate();
      k.clearResults(norm);
      k.dot(norm, 0, problem.gradient, problem.gradient);
      const gradientNorm = Math.sqrt((await k.read(norm))[0]);
      if (Number.isFinite(evaluation.cost) && Number.isFinite(gradientNorm)) {
        update(problem.theta, before, problem.gradient, t);
        return { evaluation, gradientNorm, converged: null, overflow: overflow(gradientNorm, t++) };
      }
      return { evaluation, gradientNorm, converged: null };
    },
    undo(theta) {
      if (t > 0) k.copy(theta, before);
    },
    state: () => ({ step: Float64Array.of(t), ...Object.fromEntries(kept.map(([name, v]) => [name, k.copyOut(v)])) }),
    restore(state) {
      t = state.step[0];
      for (const [name, v] of kept) k.write(v, state[name]);
    },
  };
}
