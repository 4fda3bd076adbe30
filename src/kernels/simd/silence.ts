import type { View } from '../cpu-view.ts';
import type { Results } from '../kernels.ts';
import { add, put, total } from './column-numbers.ts';
import type { ColumnPass } from './column-pass.ts';
import type { Machine } from './machine.ts';
import { runWalk, walk } from './operands.ts';

/** Silent units and what they are held against: see `DictionaryKernels` for what each computes. */
export function silenceKernels(machine: Machine, threads: number, pass: ColumnPass) {
  const { rowSums } = machine;
  return {
    countActive(counts: View, a: View): void {
      const sum = pass('count', [null, a], { vectors: [() => 0], flag: true });
      add(counts, (j) => sum(0, j));
    },
    residualMoments(moments: View, e: View): void {
      const [, d] = e.shape;
      const sum = pass('moments', [null, e]);
      const all = total(e, (j) => sum(1, j));
      put(moments, (i) => (i < d ? sum(0, i) : all));
    },
    scaledSquaredError(dEHat: View, results: Results, slot: number, eHat: View, e: View, scale: View, m: number): void {
      const s = scale.data[scale.offset];
      const over = walk(dEHat, eHat, e);
      runWalk(machine, threads, 'squaredError', over, 0, 0, 1, rowSums.pointer(over.rows)); // dEHat = ê − e
      rowSums.addTo(results, slot, over.rows, s);
      runWalk(machine, threads, 'scale', walk(dEHat), 2 * s * m);
    },
  };
}
