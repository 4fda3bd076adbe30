import type { View } from '../cpu-view.ts';
import type { Machine } from './machine.ts';
import { columnStep, pointer, rowWalk, runWalk } from './operands.ts';

/** Kernels of matrices in which a row, or a column, has a number of its own: see `Kernels` for what each computes. */
export function rowKernels(machine: Machine, threads: number) {
  return {
    broadcastRow(out: View, row: View): void {
      runWalk(machine, threads, 'broadcastRow', rowWalk(out), pointer(row), columnStep(row));
    },
    addScaledRows(out: View, s: View, x: View): void {
      runWalk(machine, threads, 'addScaledRows', rowWalk(out, x), pointer(s), columnStep(s));
    },
    addOuter(out: View, alpha: number, u: View, v: View): void {
      const vectors = [pointer(u), columnStep(u), pointer(v), columnStep(v)];
      runWalk(machine, threads, 'addOuter', rowWalk(out), ...vectors, alpha);
    },
    addRowDots(out: View, alpha: number, x: View, v: View): void {
      const vectors = [pointer(out), columnStep(out), pointer(v), columnStep(v)];
      runWalk(machine, threads, 'addRowDots', rowWalk(x), ...vectors, alpha);
    },
    rowSquaredNorms(out: View, x: View): void {
      const over = { ...rowWalk(x), rows: x.shape[0] }; // rows without columns have the norm 0
      runWalk(machine, threads, 'rowSquaredNorms', over, pointer(out), columnStep(out));
    },
  };
}
