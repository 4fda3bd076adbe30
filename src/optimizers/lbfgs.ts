import * as v from 'valibot';
import { type Precision, type View, vectorView } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import type { Kernels, Storage } from '../kernels/kernels.ts';
import { nonNegative, positiveInteger } from '../validate.ts';
import { type Point, strongWolfe } from './line-search.ts';
import {
  assertShapes,
  type Evaluated,
  type Optimizer,
  type OptimizerKind,
  type Problem,
  type StepResult,
} from './optimizer.ts';

/** Memory and end of L-BFGS. */
export interface LbfgsOptions {
  /** How many (s, y) pairs approximate the Hessian. Default 20. */
  readonly history?: number | undefined;
  /** Stop when the root mean square of ∂J/∂θ is at most this: ‖∇J‖₂ ≤ tolerance·√n. Default 1e-9. */
  readonly tolerance?: number | undefined;
}

/** A step s = θ⁺ − θ with y = ∇J⁺ − ∇J, and 1/yᵀs. */
interface Pair {
  readonly s: View;
  readonly y: View;
  inverse: number;
}

/** Numbers of state: what the 4 GiB of a WebAssembly memory hold. */
const LIMIT_STATE = 2 ** 30;

/** Pairs of longer histories are made when they are needed. */
const MADE_AT_ONCE = 1000;

/** @throws InputError with the memory that a history would take, where it is more than any machine trains with. */
function assertRoom(history: number, size: number, precision: Precision): void {
  const numbers = 2 * (history + 1) * Math.max(size, 64); // small vectors have a cost of their own
  if (numbers <= LIMIT_STATE) return;
  const gigabytes = ((numbers * (precision === 'float32' ? 4 : 8)) / 2 ** 30).toPrecision(3);
  throw new InputError(
    `options.optimizer.history is ${history}: the steps and gradients of ${size} parameters that it keeps would take ${gigabytes} GiB, and at most 2^30 numbers are allowed; use a shorter one, such as 20`,
  );
}

/**
 * Limited-memory BFGS with a strong Wolfe line search: d = −H∇J by the two-loop recursion, H₀ = (sᵀy/yᵀy)·I of the last
 * pair; pairs with sᵀy ≤ 2⁻⁵²·yᵀy are dropped. Dot products are accumulated in float64 whatever the precision. One step is one
 * iteration; it needs the same data at every call. [Nocedal 1980; Nocedal & Wright, Algorithms 7.4 and 7.5]
 */
export function createLbfgs(k: Kernels, size: number, options: LbfgsOptions = {}, storage: Storage = k): Optimizer {
  const capacity = options.history ?? 20;
  assertRoom(capacity, size, k.precision);
  const tolerance = (options.tolerance ?? 1e-9) * Math.sqrt(size);
  const origin = vectorView(storage.allocate(size));
  const originGradient = vectorView(storage.allocate(size));
  const direction = vectorView(storage.allocate(size));
  const sums = k.allocateResults(1);
  const pairs: Pair[] = [];
  // Storage of pairs that are not in use: one more are made than are remembered, as the newest comes before the oldest goes.
  const newPair = (): Pair => ({
    s: vectorView(storage.allocate(size)),
    y: vectorView(storage.allocate(size)),
    inverse: 0,
  });
  const spare = Array.from({ length: Math.min(capacity, MADE_AT_ONCE) + 1 }, newPair);
  let last: unknown = null; // the evaluation at the present θ

  async function dot(x: View, y: View): Promise<number> {
    k.clearResults(sums);
    k.dot(sums, 0, x, y);
    return (await k.read(sums))[0];
  }

  /** direction = −H∇J. */
  async function setDirection(gradient: View): Promise<void> {
    k.copy(direction, gradient);
    k.scale(direction, -1);
    const alphas: number[] = [];
    for (let i = pairs.length - 1; i >= 0; i--) {
      const { s, y, inverse } = pairs[i];
      alphas[i] = inverse * (await dot(s, direction));
      k.axpy(direction, -alphas[i], y);
    }
    if (pairs.length > 0) {
      const { y, inverse } = pairs[pairs.length - 1];
      k.scale(direction, 1 / (inverse * (await dot(y, y))));
    }
    for (let i = 0; i < pairs.length; i++) {
      const { s, y, inverse } = pairs[i];
      k.axpy(direction, alphas[i] - inverse * (await dot(y, direction)), s);
    }
  }

  /**
   * Remembers s = θ − origin and y = ∇J − originGradient where the curvature sᵀy is positive. False where θ has not
   * moved: the step was lost in rounding.
   */
  async function remember(theta: View, gradient: View): Promise<boolean> {
    const pair = spare.pop() ?? newPair();
    const { s, y } = pair;
    k.copy(s, theta);
    k.axpy(s, -1, origin);
    k.copy(y, gradient);
    k.axpy(y, -1, originGradient);
    const curvature = await dot(s, y);
    pair.inverse = 1 / curvature;
    (curvature > Number.EPSILON * (await dot(y, y)) ? pairs : spare).push(pair);
    if (pairs.length > capacity) spare.push(...pairs.splice(0, 1));
    return (await dot(s, s)) > 0;
  }

  async function step<E extends Evaluated>(problem: Problem<E>): Promise<StepResult<E>> {
    const { theta, gradient } = problem;
    const begin = (last ?? (await problem.evaluate())) as E;
    const { gradientNorm } = begin;
    const unchanged = (converged: string | null) => ({ evaluation: begin, converged });
    if (!Number.isFinite(begin.cost) || !Number.isFinite(gradientNorm)) return unchanged(null);
    last = begin;
    if (gradientNorm <= tolerance) return unchanged('the gradient is 0 to within the tolerance');

    k.copy(origin, theta);
    k.copy(originGradient, gradient);
    for (;;) {
      await setDirection(originGradient);
      const slope = await dot(originGradient, direction);
      let evaluation = begin;
      let at = 0;
      const phi = async (t: number): Promise<Point> => {
        k.copy(theta, origin);
        k.axpy(theta, t, direction);
        evaluation = await problem.evaluate();
        at = t;
        return { t, f: evaluation.cost, slope: await dot(gradient, direction) };
      };
      // Rounding moves a cost by about this much: the line search must not read meaning into less.
      const noise = Math.abs(begin.cost) * (k.precision === 'float32' ? 2 ** -23 : 2 ** -50);
      const guess = pairs.length > 0 ? 1 : Math.min(1, 1 / gradientNorm);
      const start = { t: 0, f: begin.cost, slope };
      const found = slope < 0 ? await strongWolfe(phi, start, guess, { noise }) : null;
      if (found !== null) {
        if (at !== found.t) await phi(found.t);
        const moved = await remember(theta, gradient);
        last = evaluation;
        const converged = moved ? null : 'steps have become smaller than rounding';
        return { evaluation, converged };
      }
      // The model of the curvature misled the search: forget it and go straight down; if that fails too, it is over.
      const steepest = pairs.length === 0;
      spare.push(...pairs.splice(0));
      k.copy(theta, origin);
      if (steepest) {
        k.copy(gradient, originGradient);
        return unchanged('no step along the gradient lowers the cost any further');
      }
    }
  }

  return {
    step,
    // A step ends at a point whose cost is finite, or where it began.
    undo: () => undefined,
    // Cost and gradient at θ are no part of it: the first step after `restore` finds them again, to the bit.
    async state() {
      const arrays = await Promise.all(pairs.flatMap(({ s, y }) => [k.copyOut(s), k.copyOut(y)]));
      const named = arrays.map((array, i) => [`${i % 2 === 0 ? 's' : 'y'}${i >> 1}`, array]);
      return { inverse: Float64Array.from(pairs, ({ inverse }) => inverse), ...Object.fromEntries(named) };
    },
    restore(state) {
      const { length } = state.inverse ?? [];
      const named = Array.from({ length }, (_, i) => [`s${i}`, `y${i}`]).flat();
      assertShapes(state, { inverse: length, ...Object.fromEntries(named.map((name) => [name, size])) });
      state.inverse.forEach((inverse, i) => {
        if (pairs.length === capacity) throw new Error('more pairs than are remembered');
        const pair = spare.pop() ?? newPair();
        k.write(pair.s, state[`s${i}`]);
        k.write(pair.y, state[`y${i}`]);
        pair.inverse = inverse;
        pairs.push(pair);
      });
    },
  };
}

/** Quasi-Newton steps with a strong Wolfe line search. [Nocedal & Wright, algorithms 7.4, 3.5, 3.6] */
export interface LbfgsConfig extends LbfgsOptions {
  /** Of the optimizer. */
  readonly kind: 'lbfgs';
  /** At most so many, each over the whole set. */
  readonly iterations: number;
}

export const lbfgs: OptimizerKind<LbfgsConfig> = {
  schema: v.strictObject({
    kind: v.literal('lbfgs'),
    iterations: positiveInteger(),
    history: v.optional(positiveInteger()),
    tolerance: v.optional(nonNegative()),
  }),
  data: 'whole',
  steps: 'iterations',
  flags: { iterations: { flag: '--iterations <n>', takes: 'whole', says: 'of lbfgs', byDefault: 400 } },
  // Of a short run no more pairs are remembered than it has iterations.
  create: (spec, { k, size, storage }) =>
    createLbfgs(k, size, { ...spec, history: Math.min(spec.history ?? 20, spec.iterations) }, storage),
};
