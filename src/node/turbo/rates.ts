import type { View } from '../../kernels/cpu-view.ts';
import { createGemm } from '../../kernels/simd/gemm.ts';
import type { Machine } from '../../kernels/simd/machine.ts';
import { createSimdKernels } from '../../kernels/simd/simd.ts';
import type { Tile } from '../../kernels/simd/tiles.ts';
import { Ground } from './ground.ts';

/** A square product of half a millisecond, so many times; the first ones are there for the compiler. */
const SIDE = 240;
const TRIALS = 24;
const FIRST = 8;

/**
 * Multiplications a millisecond of products with each tile on its machine, taken in turn. Of each the best counts, so that other
 * work on the processor does not.
 */
export function ratesOf(tiles: readonly (readonly [Machine, Tile])[]): number[] {
  const products = tiles.map(([machine, tile]) => {
    const ground = new Ground(createSimdKernels(machine, { threads: 1 }), 'rows', 'rows');
    const [out, a, b] = [ground.out(SIDE, SIDE), ground.other(SIDE, SIDE), ground.other(SIDE, SIDE)] as View[];
    const gemm = createGemm(machine, 1, { for: () => tile });
    return () => gemm(out, a, b, 1, 0);
  });
  const best = tiles.map(() => 0);
  for (let trial = -FIRST; trial < TRIALS; trial++) {
    for (const [n, multiply] of products.entries()) {
      const begin = performance.now();
      multiply();
      if (trial >= 0) best[n] = Math.max(best[n], SIDE ** 3 / (performance.now() - begin));
    }
  }
  return best;
}
