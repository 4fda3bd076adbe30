import { activations } from '../../../kernels/activations/table.ts';
import type { CpuKernels } from '../../../kernels/kernels.ts';
import { between, cornered, type Ground, gridded, signed } from '../ground.ts';
import type { Case, Cases } from './case.ts';

/** Of any kind: from 0 to 1, some of them 0. */
const activation = (n: number) => Math.max(0, between(-0.3, 1)(n));

/** What follows the products of a layer, for every activation: with fused multiply-add, and by `plain` kernels of the same machine without. */
export function layerCases(plain: CpuKernels | null = null): Cases {
  const both = ({ kernels }: Ground) => (plain === null ? [kernels] : [kernels, plain]);
  return {
    ...Object.fromEntries(
      Object.entries(activations).flatMap(([name, f]): [string, Case][] => [
        [
          `activate ${name}`,
          (ground, rows, columns) => {
            const z = ground.other(rows, columns, cornered(-90, 90));
            for (const { activate } of both(ground)) activate(ground.out(rows, columns), z, f);
          },
        ],
        [
          `delta ${name}`,
          (ground, rows, columns) => {
            const a = ground.other(rows, columns, activation);
            const upstream = ground.other(rows, columns, signed(5));
            ground.kernels.delta(ground.out(rows, columns), upstream, null, a, f);
            ground.kernels.delta(ground.out(rows, columns), upstream, ground.vector(columns), a, f);
          },
        ],
        [
          `contraction ${name}`,
          (ground, rows, columns) => {
            const [dA, pull, norms] = [
              ground.out(rows, columns, signed()),
              ground.vector(columns),
              ground.vector(columns),
            ];
            const a = ground.other(rows, columns, activation);
            ground.kernels.contraction(dA, pull, ground.results, 0, a, norms, f, 0.7, rows + 2);
          },
        ],
      ]),
    ),
    softmax: (ground, rows, columns) =>
      ground.kernels.softmax(ground.out(rows, columns), ground.other(rows, columns, between(-20, 90))),
    squaredError: (ground, rows, columns) => {
      const [x, e] = [ground.other(rows, columns), ground.other(rows, columns, gridded(5))];
      for (const [slot, emphasis] of [null, e].entries()) {
        const xHat = ground.other(rows, columns, cornered(-9, 9, 6));
        ground.kernels.squaredError(ground.out(rows, columns), ground.results, slot, xHat, x, emphasis, rows + 2);
      }
    },
    crossEntropy: (ground, rows, columns) => {
      const [x, e] = [ground.other(rows, columns, between(0, 1)), ground.other(rows, columns, gridded(5))];
      for (const [slot, emphasis] of [null, e].entries()) {
        const z = ground.other(rows, columns, slot === 0 ? between(-9, 9, 6) : cornered(-90, 90, 6));
        for (const [n, { crossEntropy }] of both(ground).entries())
          crossEntropy(ground.out(rows, columns), ground.results, 2 * n + slot, z, x, emphasis, rows + 2);
      }
    },
    softmaxCrossEntropy: (ground, rows, columns) => {
      const [z, y] = [ground.other(rows, columns, between(-20, 90)), ground.other(rows, columns, between(0, 1, 5))];
      ground.kernels.softmaxCrossEntropy(ground.out(rows, columns), ground.results, 0, z, y, rows + 2);
    },
    weightDecay: (ground, rows, columns) =>
      ground.kernels.weightDecay(ground.out(rows, columns), ground.results, 0, ground.other(rows, columns), 0.3),
    weightL1: (ground, rows, columns) => {
      const dW = ground.out(rows, columns, signed());
      ground.kernels.weightL1(dW, ground.results, 0, ground.other(rows, columns, gridded()), 0.3);
    },
    l1Sparsity: (ground, rows, columns) => {
      const dA = ground.out(rows, columns, signed());
      ground.kernels.l1Sparsity(dA, ground.results, 0, ground.other(rows, columns, gridded()), 0.3, rows + 2);
    },
  };
}
