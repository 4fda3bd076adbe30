import { between } from '../ground.ts';
import type { Cases } from './case.ts';

/** The optimizers' passes over flat vectors. */
export const optimizerCases: Cases = {
  momentumStep: (ground, rows, columns) => {
    const [theta, before, velocity, gradient] = [1, 2, 3, 4].map((seed) =>
      ground.flat(rows * columns, between(-1, 1, seed)),
    );
    for (const nesterov of [false, true]) {
      const options = { learningRate: 0.1, momentum: 0.9, nesterov };
      ground.kernels.momentumStep(theta, before, velocity, gradient, options);
    }
  },
  adamStep: (ground, rows, columns) => {
    const [theta, before, first, gradient] = [1, 2, 3, 4].map((seed) =>
      ground.flat(rows * columns, between(-1, 1, seed)),
    );
    const second = ground.flat(rows * columns, between(0, 1));
    const options = { learningRate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 3 };
    ground.kernels.adamStep(theta, before, first, second, gradient, options);
  },
};
