import type { View } from '../cpu-view.ts';
import type { Results } from '../kernels.ts';
import type { Machine } from './machine.ts';
import { rowWalk, runWalk, walk } from './operands.ts';
import type { RowSums } from './row-sums.ts';

/** In place of an emphasis that is absent: pointer, row stride, column stride. */
const NONE = [0, 0, 1];

/** The losses: see `Kernels` for what each computes. `fused`: with the multiply-add of the relaxed module. */
export function lossKernels(machine: Machine, threads: number, fused: boolean, sums: RowSums) {
  const logistic = fused ? 'crossEntropyRelaxed' : 'crossEntropy';
  function run(
    kernel: string,
    out: View,
    results: Results,
    slot: number,
    z: View,
    x: View,
    e: View | null,
    half: number,
    m: number,
  ) {
    const over = e === null ? walk(out, z, x) : walk(out, z, x, e);
    runWalk(machine, threads, kernel, over, ...(e === null ? NONE : []), sums.pointer(over.rows));
    sums.addTo(results, slot, over.rows, half / m);
  }
  return {
    squaredError(
      dXHat: View,
      results: Results,
      slot: number,
      xHat: View,
      x: View,
      emphasis: View | null,
      m: number,
    ): void {
      run('squaredError', dXHat, results, slot, xHat, x, emphasis, 0.5, m);
    },
    crossEntropy(
      delta: View,
      results: Results,
      slot: number,
      z: View,
      x: View,
      emphasis: View | null,
      m: number,
    ): void {
      run(logistic, delta, results, slot, z, x, emphasis, 1, m);
    },
    softmaxCrossEntropy(delta: View, results: Results, slot: number, z: View, y: View, m: number): void {
      const over = rowWalk(delta, z, y);
      runWalk(machine, threads, 'softmaxCrossEntropy', over, sums.pointer(3 * over.rows));
      const { values } = sums;
      let sum = 0;
      for (let i = 0; i < over.rows; i++) {
        sum += Math.log(values[3 * i]) * values[3 * i + 1] - values[3 * i + 2];
      }
      (results as Float64Array)[slot] += sum / m;
    },
  };
}
