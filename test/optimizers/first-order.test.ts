import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createAdam } from '../../src/optimizers/adam.ts';
import type { Optimizer } from '../../src/optimizers/optimizer.ts';
import { createSgd } from '../../src/optimizers/sgd.ts';
import { assertClose } from '../support/close.ts';
import { createProblem, quadratic, run } from './problems.ts';

/** A cost of constant slope. */
const slope = (g: readonly number[]) =>
  createProblem(
    g.map(() => 0),
    (theta, gradient) => {
      for (const [i, value] of g.entries()) gradient[i] = value;
      return g.reduce((sum, value, i) => sum + value * theta[i], 0);
    },
  );

test('createAdam moves by the learning rate at every step under a constant gradient, whatever its size', async () => {
  for (const g of [1e-3, 1, 250]) {
    const problem = slope([g, -g]);
    const adam = createAdam(problem.kernels, 2, { learningRate: 0.01 }, 1000);
    for (let t = 1; t <= 1000; t++) {
      const before = [...problem.theta.data];
      await adam.step(problem);
      if (![1, 2, 10, 1000].includes(t)) continue;
      const moved = before.map((value, i) => value - problem.theta.data[i]);
      const expected = (0.01 * g) / (g + 1e-8);
      assertClose(moved, [expected, -expected], { rtol: 1e-9, atol: 0 });
    }
  }
});

test('createAdam follows its algorithm on gradients that change, with betas and ε of its own', async () => {
  const options = { learningRate: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 };
  const problem = createProblem([3, -2], quadratic([1, 4], [0, 0]));
  const adam = createAdam(problem.kernels, 2, options, 20);
  const theta = [3, -2];
  const m = [0, 0];
  const v = [0, 0];
  for (let t = 1; t <= 20; t++) {
    for (const i of [0, 1]) {
      const g = [1, 4][i] * theta[i];
      m[i] = 0.8 * m[i] + 0.2 * g;
      v[i] = 0.95 * v[i] + 0.05 * g * g;
      theta[i] -= (0.1 * (m[i] / (1 - 0.8 ** t))) / (Math.sqrt(v[i] / (1 - 0.95 ** t)) + 1e-3);
    }
    await adam.step(problem);
    assertClose(problem.theta, theta, { rtol: 1e-11, atol: 1e-12 });
  }
});

test('createSgd with momentum gives worked values', async () => {
  const problem = createProblem([1], quadratic([1], [0]));
  const sgd = createSgd(problem.kernels, 1, { learningRate: 0.5, momentum: 0.5 }, 3);
  const visited: number[] = [];
  for (let t = 0; t < 3; t++) {
    await sgd.step(problem);
    visited.push(problem.theta.get(0));
  }
  // v = −0.5, −0.5·0.5 − 0.25 = −0.5, −0.25: θ = 0.5, 0, −0.25.
  assertClose(visited, [0.5, 0, -0.25]);
});

test('createSgd with Nesterov momentum gives worked values', async () => {
  const problem = createProblem([1], quadratic([1], [0]));
  const sgd = createSgd(problem.kernels, 1, { learningRate: 0.5, momentum: 0.5, nesterov: true }, 2);
  await sgd.step(problem);
  assertClose(problem.theta, [0.25]); // v = −0.5; θ = 1 − 0.25 − 0.5
  await sgd.step(problem);
  assertClose(problem.theta, [-0.0625]); // v = −0.25 − 0.125 = −0.375; θ = 0.25 − 0.1875 − 0.125
});

test('createSgd and createAdam follow a schedule of the learning rate, from the first step to the last', async () => {
  const learningRate = { kind: 'linear', from: 1, to: 0 } as const;
  const plain = slope([1]);
  await run(createSgd(plain.kernels, 1, { learningRate }, 5), plain, 5);
  assertClose(plain.theta, [-(1 + 0.75 + 0.5 + 0.25 + 0)]);
  const adaptive = slope([1]);
  await run(createAdam(adaptive.kernels, 1, { learningRate }, 5), adaptive, 5);
  assertClose(adaptive.theta, [-2.5], { rtol: 1e-7 });
});

test('createSgd follows a schedule of the momentum', async () => {
  const problem = slope([1]);
  const momentum = { kind: 'linear', from: 0, to: 0.5 } as const;
  await run(createSgd(problem.kernels, 1, { learningRate: 1, momentum }, 3), problem, 3);
  // v = −1, −0.25 − 1, −0.625 − 1.
  assertClose(problem.theta, [-(1 + 1.25 + 1.625)]);
});

test('createSgd and createAdam report cost and gradient norm at θ before the update', async () => {
  for (const create of [createSgd, createAdam]) {
    const problem = createProblem([3, 4], quadratic([1, 1], [0, 0]));
    const result = await create(problem.kernels, 2, { learningRate: 0.1 }, 1).step(problem);
    assert.equal([result.evaluation.cost, result.evaluation.gradientNorm, result.converged], [12.5, 5, null]);
    assert.is(problem.evaluations, 1);
  }
});

test('createSgd and createAdam change nothing on a cost or gradient that is not finite, and go on afterwards', async () => {
  const bad = { cost: Number.NaN, slope: 1 };
  for (const create of [createSgd, createAdam]) {
    for (const failure of [bad, { cost: Number.POSITIVE_INFINITY, slope: 1 }, { cost: 1, slope: Number.NaN }]) {
      let broken = false;
      const make = () =>
        createProblem([1, 1], (_, gradient) => {
          gradient[0] = 1;
          gradient[1] = broken ? failure.slope : 1;
          return broken ? failure.cost : 2;
        });
      const step = async (optimizer: Optimizer, problem: ReturnType<typeof make>, fails: boolean) => {
        broken = fails;
        return optimizer.step(problem);
      };
      const problem = make();
      const optimizer = create(problem.kernels, 2, { learningRate: 0.1 }, 3);
      await step(optimizer, problem, false);
      const before = [...problem.theta.data];
      const result = await step(optimizer, problem, true);
      assert.equal([...problem.theta.data], before);
      assert.equal(result.evaluation.cost, failure.cost);
      await step(optimizer, problem, false);
      // The failed step left no trace in the optimizer's state: two good steps alone give the same θ.
      const clean = make();
      const undisturbed = create(clean.kernels, 2, { learningRate: 0.1 }, 3);
      await step(undisturbed, clean, false);
      await step(undisturbed, clean, false);
      assert.equal([...problem.theta.data], [...clean.theta.data]);
    }
  }
});

test.run();
