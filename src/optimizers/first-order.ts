import { type View, vectorView } from '../array/matrix.ts';
import type { Kernels, Storage } from '../kernels/kernels.ts';
import { assertShapes, type Evaluated, type Optimizer, type Problem, type StepResult } from './optimizer.ts';

export type Update = (theta: View, before: View, gradient: View, t: number) => void;

/** One evaluation, then one update of θ, unless cost or gradient is not finite. `moments`: what the update adds to; `overflow`: what of it is infinite. */
export function firstOrder(
  k: Kernels,
  storage: Storage,
  size: number,
  moments: Readonly<Record<string, View>>,
  update: Update,
  overflow?: (gradientNorm: number, t: number) => Promise<string | null>,
): Optimizer {
  const before = vectorView(storage.allocate(size));
  const kept = Object.entries({ ...moments, before });
  let t = 0;
  return {
    moments: Object.values(moments),
    async step<E extends Evaluated>(problem: Problem<E>): Promise<StepResult<E>> {
      const evaluation = await problem.evaluate();
      if (Number.isFinite(evaluation.cost) && Number.isFinite(evaluation.gradientNorm)) {
        update(problem.theta, before, problem.gradient, t);
        const infinite = (await overflow?.(evaluation.gradientNorm, t)) ?? null;
        t++;
        return { evaluation, converged: null, overflow: infinite };
      }
      return { evaluation, converged: null };
    },
    undo(theta) {
      if (t > 0) k.copy(theta, before);
    },
    async state() {
      const arrays = await Promise.all(kept.map(([, v]) => k.copyOut(v)));
      return { step: Float64Array.of(t), ...Object.fromEntries(kept.map(([name], i) => [name, arrays[i]])) };
    },
    restore(state) {
      assertShapes(state, { step: 1, ...Object.fromEntries(kept.map(([name]) => [name, size])) });
      t = state.step[0];
      for (const [name, v] of kept) k.write(v, state[name]);
    },
  };
}
