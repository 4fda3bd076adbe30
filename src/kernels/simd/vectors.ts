import type { View } from '../cpu-view.ts';
import type { Results } from '../kernels.ts';
import { blend as blendOfAny } from '../reference/vectors.ts';
import type { Machine } from './machine.ts';
import { runWalk, walk } from './operands.ts';
import type { RowSums } from './row-sums.ts';

/** The elementwise kernels of vectors: see `Kernels` for what each computes. */
export function vectorKernels(machine: Machine, threads: number, sums: RowSums) {
  return {
    fill(out: View, value: number): void {
      runWalk(machine, threads, 'fill', walk(out), value);
    },
    copy(out: View, x: View): void {
      runWalk(machine, threads, 'copy', walk(out, x));
    },
    axpy(out: View, alpha: number, x: View): void {
      runWalk(machine, threads, 'axpy', walk(out, x), alpha);
    },
    scale(out: View, alpha: number): void {
      runWalk(machine, threads, 'scale', walk(out), alpha);
    },
    blend(out: View, x: View, alpha: number, y: View, beta: number): void {
      const doubles = out.data.BYTES_PER_ELEMENT + x.data.BYTES_PER_ELEMENT + y.data.BYTES_PER_ELEMENT > 12;
      if (doubles) blendOfAny(out, x, alpha, y, beta);
      else runWalk(machine, threads, 'blend', walk(out, x, y), alpha, beta);
    },
    dot(results: Results, slot: number, x: View, y: View): void {
      const over = walk(x, y);
      runWalk(machine, threads, 'dot', over, sums.pointer(over.rows));
      sums.addTo(results, slot, over.rows, 1);
    },
  };
}
