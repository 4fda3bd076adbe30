import { type Numbers, type Precision, type Vector, vector } from '../../src/array/matrix.ts';
import type { CpuKernels } from '../../src/kernels/kernels.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import type { Evaluated, Optimizer, Problem, StepResult } from '../../src/optimizers/optimizer.ts';

export interface TestProblem extends Problem<Evaluated> {
  readonly kernels: CpuKernels;
  readonly theta: Vector;
  readonly gradient: Vector;
  evaluations: number;
}

/** J and its gradient, written into `gradient`, at θ. */
export type CostOf = (theta: Numbers, gradient: { [i: number]: number }) => number;

/** A cost over a flat θ in the precision, from a starting point. */
export function createProblem(start: readonly number[], costOf: CostOf, precision: Precision = 'float64'): TestProblem {
  const kernels = createReferenceKernels(precision);
  const theta: Vector = vector(kernels.allocate(start.length));
  const gradient: Vector = vector(kernels.allocate(start.length));
  kernels.write(theta, start);
  const problem: TestProblem = {
    kernels,
    theta,
    gradient,
    evaluations: 0,
    async evaluate() {
      problem.evaluations++;
      const cost = costOf(theta.data, gradient.data);
      let squares = 0;
      for (const slope of gradient.data) squares += slope * slope;
      return { cost, gradientNorm: Math.sqrt(squares) };
    },
  };
  return problem;
}

/** Steps until convergence, at most `limit`. Every step's result. */
export async function run(optimizer: Optimizer, problem: TestProblem, limit: number): Promise<StepResult<Evaluated>[]> {
  const steps: StepResult<Evaluated>[] = [];
  while (steps.length < limit && steps.at(-1)?.converged == null) steps.push(await optimizer.step(problem));
  return steps;
}

/** ½ Σ curvatureᵢ (θᵢ − targetᵢ)². */
export function quadratic(curvature: readonly number[], target: readonly number[]): CostOf {
  return (theta, gradient) => {
    let cost = 0;
    for (const [i, c] of curvature.entries()) {
      const error = theta[i] - target[i];
      gradient[i] = c * error;
      cost += 0.5 * c * error * error;
    }
    return cost;
  };
}

/** Σ 100(θᵢ₊₁ − θᵢ²)² + (1 − θᵢ)²: a curved valley with its minimum at (1, …, 1). [Rosenbrock 1960] */
export const rosenbrock: CostOf = (theta, gradient) => {
  let cost = 0;
  for (let i = 0; i < theta.length; i++) gradient[i] = 0;
  for (let i = 0; i + 1 < theta.length; i++) {
    const valley = theta[i + 1] - theta[i] ** 2;
    const rest = 1 - theta[i];
    cost += 100 * valley ** 2 + rest ** 2;
    gradient[i] += -400 * theta[i] * valley - 2 * rest;
    gradient[i + 1] += 200 * valley;
  }
  return cost;
};
