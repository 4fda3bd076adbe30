import type { View } from '../../../kernels/cpu-view.ts';
import { createGemm } from '../../../kernels/simd/gemm.ts';
import type { Machine } from '../../../kernels/simd/machine.ts';
import { runWalk, walk } from '../../../kernels/simd/operands.ts';
import { PLAIN, RELAXED, WIDE } from '../../../kernels/simd/tiles.ts';
import { cornered, signed } from '../ground.ts';
import type { Case, Cases } from './case.ts';

/** Depths: of one block of the products, and of two. */
const DEPTHS = [37, 420];
const SCALARS = [
  [1, 0],
  [-0.7, 1],
  [0.7, -0.3],
] as const;

/** Products of matrices with every tile that the engine knows, and what only tests call. */
export function productCases(machine: Machine): Cases {
  const tiles = machine.modules.relaxed === null ? [PLAIN] : [PLAIN, RELAXED, WIDE];
  return {
    ...Object.fromEntries(
      tiles.map((tile): [string, Case] => {
        const gemm = createGemm(machine, 1, { for: () => tile });
        return [
          `gemm ${tile.name}`,
          (ground, rows, columns) => {
            const most = Math.min(columns, 150);
            for (const [n, depth] of DEPTHS.entries()) {
              const [a, b] = [
                ground.other(rows, depth),
                ground.other(depth, most, n === 0 ? cornered(-1, 1) : signed(5)),
              ];
              for (const [alpha, beta] of SCALARS)
                gemm(ground.out(rows, most, signed()) as View, a as View, b as View, alpha, beta);
              gemm(ground.out(rows, most) as View, a as View, b as View, 0.7, -0.3, ground.other(rows, most) as View);
            }
          },
        ];
      }),
    ),
    exponential: (ground, rows, columns) => {
      const [out, z] = [ground.out(rows, columns), ground.other(rows, columns, cornered(-90, 90))] as View[];
      runWalk(machine, 1, 'exponential', walk(out, z));
    },
  };
}
