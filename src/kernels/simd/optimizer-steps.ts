import { biasCorrection } from '../bias-correction.ts';
import type { View } from '../cpu-view.ts';
import type { AdamStep, MomentumStep } from '../kernels.ts';
import type { Machine } from './machine.ts';
import { pointer, walk } from './operands.ts';

/** A pointer that is absent. */
const NONE = 0;

/** The optimizer steps: see `Kernels` for what each computes. Their assembly can also sum g². */
export function optimizerKernels(machine: Machine, threads: number) {
  function run(kernel: string, views: readonly View[], ...scalars: number[]): void {
    const { rows, columns, total, grain } = walk(views[0]);
    machine.run(kernel, threads, rows, grain, columns, total, ...views.map(pointer), NONE, ...scalars);
  }
  return {
    momentumStep(theta: View, before: View, velocity: View, gradient: View, options: MomentumStep): void {
      const { learningRate, momentum, nesterov } = options;
      run('momentumStep', [theta, velocity, gradient, before], learningRate, momentum, Number(nesterov));
    },
    adamStep(theta: View, before: View, first: View, second: View, gradient: View, options: AdamStep): void {
      const { learningRate, beta1, beta2, epsilon, step } = options;
      const ofFirst = [beta1, 1 - beta1, biasCorrection(beta1, step)];
      const ofSecond = [beta2, 1 - beta2, biasCorrection(beta2, step)];
      run(
        'adamStep',
        [theta, first, second, gradient, before],
        learningRate,
        ...ofFirst,
        ...ofSecond,
        atLeast(epsilon),
      );
    },
  };
}

/** ε that stays above 0 in float32: 0/(0 + ε) is 0. */
function atLeast(epsilon: number): number {
  return Math.max(epsilon, 2 ** -149);
}
