import type { View } from '../cpu-view.ts';
import type { Results } from '../kernels.ts';
import type { Machine } from './machine.ts';
import { runWalk, walk } from './operands.ts';
import type { RowSums } from './row-sums.ts';

/** The penalties: see `Kernels` for what each computes. klSparsity, one pass over h numbers, stays in float64. */
export function penaltyKernels(machine: Machine, threads: number, sums: RowSums) {
  function addAbsolute(dX: View, results: Results, slot: number, x: View, gamma: number, factor: number): void {
    const over = walk(dX, x);
    runWalk(machine, threads, 'absoluteSum', over, sums.pointer(over.rows), gamma);
    sums.addTo(results, slot, over.rows, factor);
  }
  return {
    weightDecay(dW: View, results: Results, slot: number, w: View, lambda: number): void {
      const over = walk(dW, w);
      runWalk(machine, threads, 'weightDecay', over, sums.pointer(over.rows), lambda);
      sums.addTo(results, slot, over.rows, lambda / 2);
    },
    weightDecayCost(results: Results, slot: number, w: View, lambda: number): void {
      const over = walk(w);
      const operands = [0, 0, 1, ...over.operands]; // in the place of dW a pointer of 0
      runWalk(machine, threads, 'weightDecay', { ...over, operands }, sums.pointer(over.rows), lambda);
      sums.addTo(results, slot, over.rows, lambda / 2);
    },
    weightL1(dW: View, results: Results, slot: number, w: View, gamma: number): void {
      addAbsolute(dW, results, slot, w, gamma, gamma);
    },
    l1Sparsity(dA: View, results: Results, slot: number, a: View, gamma: number, m: number): void {
      addAbsolute(dA, results, slot, a, gamma, gamma / m);
    },
  };
}
