import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createLbfgs } from '../../src/optimizers/lbfgs.ts';
import { assertClose } from '../support/close.ts';
import { precisions } from '../support/views.ts';
import { type CostOf, createProblem, quadratic, rosenbrock, run } from './problems.ts';

const size = 50;
const targets = Array.from({ length: size }, (_, i) => Math.sin(i + 1));
/** Curvatures from 1 to `condition`, evenly spaced in their logarithm. */
const curvatures = (condition: number) => Array.from({ length: size }, (_, i) => condition ** (i / (size - 1)));
const zeros = (n: number) => Array.from({ length: n }, () => 0);

test('createLbfgs solves a quadratic in 50 dimensions of condition 1e6 to 1e-6, and says that it has converged', async () => {
  const five = targets.map((_, i) => 1e6 ** (Math.floor(i / 10) / 4)); // five distinct curvatures, 1 to 1e6
  const problem = createProblem(zeros(size), quadratic(five, targets));
  const steps = await run(createLbfgs(problem.kernels, size, { tolerance: 1e-7 }), problem, 200);
  const last = steps[steps.length - 1];
  assert.is(last.converged, 'the gradient is 0 to within the tolerance');
  assert.ok(last.evaluation.gradientNorm <= 1e-7 * Math.sqrt(size));
  // ‖∇J‖ = ‖H(θ − θ*)‖ and H ≥ 1: θ is no farther from θ* than the gradient is long.
  assertClose(problem.theta, targets, { rtol: 0, atol: 1e-6 });
  assert.ok(steps.length < 100, `${steps.length} iterations`);
});

test('createLbfgs on 50 distinct curvatures from 1 to 1e6 is as far after 3000 iterations as SciPy: 1.5e-6', async () => {
  const problem = createProblem(zeros(size), quadratic(curvatures(1e6), targets));
  const steps = await run(createLbfgs(problem.kernels, size), problem, 3000);
  assert.ok(steps[steps.length - 1].evaluation.cost < 1e-5);
  assert.ok(problem.evaluations < 1.2 * steps.length, `${problem.evaluations} evaluations`);
});

test('createLbfgs ends where rounding stops it, and does not search the same line for ever', async () => {
  for (const precision of precisions) {
    for (const floor of [0, 3]) {
      const smooth = quadratic(curvatures(100), targets);
      const problem = createProblem(zeros(size), (theta, gradient) => smooth(theta, gradient) + floor, precision);
      const steps = await run(createLbfgs(problem.kernels, size, { tolerance: 0 }), problem, 400);
      // In float32 above a cost of 3 it may go on within the noise, but at few evaluations an iteration.
      if (precision === 'float64' || floor === 0) assert.type(steps[steps.length - 1].converged, 'string');
      assert.ok(problem.evaluations < 3 * steps.length + 120, `${problem.evaluations} evaluations`);
    }
  }
});

test('createLbfgs solves a well-conditioned quadratic in a few iterations', async () => {
  const problem = createProblem(zeros(size), quadratic(curvatures(2), targets));
  const steps = await run(createLbfgs(problem.kernels, size), problem, 100);
  assert.ok(steps.length <= 25, `${steps.length} iterations`);
  assertClose(problem.theta, targets, { rtol: 0, atol: 1e-8 });
});

test('createLbfgs solves Rosenbrock in 2 and in 10 dimensions in fewer than 100 iterations', async () => {
  for (const start of [[-1.2, 1], Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? -1.2 : 1))]) {
    const problem = createProblem(start, rosenbrock);
    const steps = await run(createLbfgs(problem.kernels, start.length), problem, 200);
    assert.ok(steps.length < 100, `${steps.length} iterations in ${start.length} dimensions`);
    assert.type(steps[steps.length - 1].converged, 'string');
    assertClose(
      problem.theta,
      start.map(() => 1),
      { rtol: 0, atol: 1e-7 },
    );
    assert.ok(problem.evaluations < 2 * steps.length + 10, `${problem.evaluations} evaluations`);
  }
});

test('createLbfgs never lets the cost rise by more than rounding', async () => {
  for (const precision of precisions) {
    const problem = createProblem([-1.2, 1, -1.2, 1], rosenbrock, precision);
    let before = (await problem.evaluate()).cost;
    for (const { evaluation } of await run(createLbfgs(problem.kernels, 4), problem, 60)) {
      const noise = Math.abs(before) * (precision === 'float32' ? 2 ** -22 : 2 ** -49);
      assert.ok(evaluation.cost <= before + noise, `${before} rose to ${evaluation.cost}`);
      before = evaluation.cost;
    }
  }
});

/** max(−θ, 2θ): the slope is never small, so every search runs out of evaluations. */
const kink: CostOf = ([theta], gradient) => {
  gradient[0] = theta < 0 ? -1 : 2;
  return Math.max(-theta, 2 * theta);
};

test('createLbfgs leaves cost, gradient and θ that belong together after every step', async () => {
  for (const [start, costOf] of [
    [[-1.2, 1], rosenbrock],
    [[-1.2], kink],
    [[0.7], kink],
  ] as const) {
    const problem = createProblem(start, costOf);
    const lbfgs = createLbfgs(problem.kernels, start.length);
    for (let i = 0; i < 15; i++) {
      const { evaluation } = await lbfgs.step(problem);
      const gradient = start.map(() => 0);
      assert.is(evaluation.cost, costOf(problem.theta.data, gradient));
      assert.equal([...problem.gradient.data], gradient);
      assertClose([evaluation.gradientNorm], [Math.hypot(...gradient)]);
    }
  }
});

test('createLbfgs goes to the best point that a search found, also when the last trial was another', async () => {
  for (let i = 0; i < 40; i++) {
    let best = Number.POSITIVE_INFINITY;
    const problem = createProblem([Math.sin(i + 1) * 10 ** (i % 4)], (theta, gradient) => {
      const cost = kink(theta, gradient);
      best = Math.min(best, cost);
      return cost;
    });
    const { evaluation } = await createLbfgs(problem.kernels, 1).step(problem);
    assert.is(evaluation.cost, best);
    assert.is(problem.theta.get(0) < 0 ? -problem.theta.get(0) : 2 * problem.theta.get(0), best);
  }
});

test('createLbfgs reaches the precision of float32 in float32', async () => {
  const problem = createProblem(zeros(size), quadratic(curvatures(100), targets), 'float32');
  await run(createLbfgs(problem.kernels, size, { tolerance: 1e-6 }), problem, 200);
  assertClose(problem.theta, targets, { rtol: 0, atol: 1e-5 });
  const valley = createProblem([-1.2, 1], rosenbrock, 'float32');
  await run(createLbfgs(valley.kernels, 2), valley, 100);
  assertClose(valley.theta, [1, 1], { rtol: 0, atol: 2e-3 });
});

test('createLbfgs at the minimum says so and stays', async () => {
  const problem = createProblem(targets, quadratic(curvatures(10), targets));
  const [step] = await run(createLbfgs(problem.kernels, size), problem, 5);
  assert.equal(
    [step.converged, step.evaluation.gradientNorm, problem.evaluations],
    ['the gradient is 0 to within the tolerance', 0, 1],
  );
  assertClose(problem.theta, targets, { rtol: 0, atol: 0 });
});

test('createLbfgs leaves θ unchanged where cost or gradient are not finite at the start', async () => {
  for (const [cost, slope] of [
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 1],
    [1, Number.NaN],
    [1, Number.POSITIVE_INFINITY],
  ]) {
    const problem = createProblem([3, 4], (_, gradient) => {
      gradient[0] = slope;
      gradient[1] = 1;
      return cost;
    });
    const result = await createLbfgs(problem.kernels, 2).step(problem);
    assert.equal([...problem.theta.data], [3, 4]);
    assert.equal([result.evaluation.cost, result.converged], [cost, null]);
    assert.not(Number.isFinite(cost) && Number.isFinite(result.evaluation.gradientNorm));
  }
});

test('createLbfgs steps back from a region where the cost is not finite', async () => {
  const problem = createProblem([1], (theta, gradient) => {
    gradient[0] = 1 - 100 / theta[0]; // x − 100 log x, its minimum at 100, not a number below 0
    return theta[0] - 100 * Math.log(theta[0]);
  });
  await run(createLbfgs(problem.kernels, 1), problem, 100);
  assertClose(problem.theta, [100], { rtol: 1e-6 });
});

test('createLbfgs stops where the gradient lies, with θ, cost and gradient of its last good point', async () => {
  const problem = createProblem([2, 3], (theta, gradient) => {
    gradient[0] = -theta[0]; // uphill
    gradient[1] = -theta[1];
    return theta[0] ** 2 + theta[1] ** 2;
  });
  const [step] = await run(createLbfgs(problem.kernels, 2), problem, 5);
  assert.is(step.converged, 'no step along the gradient lowers the cost any further');
  assert.equal([...problem.theta.data, ...problem.gradient.data, step.evaluation.cost], [2, 3, -2, -3, 13]);
});

test('createLbfgs works with a history of one pair, and forgets the oldest of several', async () => {
  for (const history of [1, 3]) {
    const problem = createProblem([-1.2, 1, -1.2, 1], rosenbrock);
    const steps = await run(createLbfgs(problem.kernels, 4, { history }), problem, 400);
    assert.ok(steps[steps.length - 1].evaluation.cost < 1e-12, `cost ${steps[steps.length - 1].evaluation.cost}`);
  }
});

test('createLbfgs gives the same bits twice', async () => {
  const once = createProblem([-1.2, 1], rosenbrock);
  const twice = createProblem([-1.2, 1], rosenbrock);
  for (const problem of [once, twice]) await run(createLbfgs(problem.kernels, 2), problem, 20);
  assert.equal([...once.theta.data], [...twice.theta.data]);
});

test.run();
