import { biasCorrection } from '../bias-correction.ts';
import type { Kernels } from '../kernels.ts';
import { program, type Stage } from './call.ts';
import { each } from './elementwise.ts';

const momentumStep = program({
  name: 'momentumStep',
  views: { theta: 'write', before: 'write', velocity: 'write', gradient: 'read' },
  numbers: { rate: 'f32', momentum: 'f32', nesterov: 'u32' },
  code: `
fn each(i: u32, j: u32) {
  let down = p.rate * gradient1(j);
  let old = theta1(j);
  let step = p.momentum * velocity1(j) - down;
  set_velocity1(j, step);
  set_before1(j, old);
  set_theta1(j, old + select(step, p.momentum * step - down, p.nesterov == 1u));
}`,
});

/** `keep` = β, `take` = 1 − β, which the host knows to more digits; `rate` = η/(1−β₁ᵗ), `root` = 1/√(1−β₂ᵗ). */
const adamStep = program({
  name: 'adamStep',
  views: { theta: 'write', before: 'write', first: 'write', second: 'write', gradient: 'read' },
  numbers: { keep1: 'f32', take1: 'f32', keep2: 'f32', take2: 'f32', rate: 'f32', root: 'f32', epsilon: 'f32' },
  code: `
fn each(i: u32, j: u32) {
  let slope = gradient1(j);
  let old = theta1(j);
  let mean = p.keep1 * first1(j) + p.take1 * slope;
  let square = p.keep2 * second1(j) + p.take2 * slope * slope;
  set_first1(j, mean);
  set_second1(j, square);
  set_before1(j, old);
  set_theta1(j, old - p.rate * mean / (p.root * sqrt(square) + p.epsilon));
}`,
});

type Of = Pick<Kernels, 'momentumStep' | 'adamStep'>;

/** One pass over flat vectors. */
export function createOptimizerSteps(stage: Stage): Of {
  return {
    momentumStep(theta, before, velocity, gradient, { learningRate, momentum, nesterov }) {
      const numbers = { rate: learningRate, momentum, nesterov: Number(nesterov) };
      each(stage, momentumStep, theta, { theta, before, velocity, gradient }, numbers);
    },
    adamStep(theta, before, first, second, gradient, { learningRate, beta1, beta2, epsilon, step }) {
      const numbers = {
        keep1: beta1,
        take1: 1 - beta1,
        keep2: beta2,
        take2: 1 - beta2,
        rate: learningRate / biasCorrection(beta1, step),
        root: 1 / Math.sqrt(biasCorrection(beta2, step)),
        epsilon,
      };
      each(stage, adamStep, theta, { theta, before, first, second, gradient }, numbers);
    },
  };
}
