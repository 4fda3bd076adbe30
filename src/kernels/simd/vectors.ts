import type { View } from '../../array/matrix.ts';
import type { Results } from '../kernels.ts';
import type { Machine } from './machine.ts';
import { walk } from './operands.ts';
import type { RowSums } from './row-sums.ts';

/** The elementwise kernels of vectors: see `Kernels` for what each computes. */
export function vectorKernels(machine: Machine, threads: number, sums: RowSums) {
  return {
    fill(out: View, value: number): void {
      const { rows, columns, total, grain, operands } = walk(out);
      machine.run('fill', threads, rows, grain, columns, total, ...operands, value);
    },
    copy(out: View, x: View): void {
      const { rows, columns, total, grain, operands } = walk(out, x);
      machine.run('copy', threads, rows, grain, columns, total, ...operands);
    },
    axpy(out: View, alpha: number, x: View): void {
      const { rows, columns, total, grain, operands } = walk(out, x);
      machine.run('axpy', threads, rows, grain, columns, total, ...operands, alpha);
    },
    scale(out: View, alpha: number): void {
      const { rows, columns, total, grain, operands } = walk(out);
      machine.run('scale', threads, rows, grain, columns, total, ...operands, alpha);
    },
    dot(results: Results, slot: number, x: View, y: View): void {
      const { rows, columns, total, grain, operands } = walk(x, y);
      const target = sums.pointer(rows);
      machine.run('dot', threads, rows, grain, columns, total, ...operands, target);
      sums.addTo(results, slot, rows, 1);
    },
  };
}
