import type { Activation } from '../activations/activation.ts';
import type { View } from '../cpu-view.ts';
import type { CpuKernels, Results } from '../kernels.ts';
import { activationNumber } from './activations.ts';
import type { Machine } from './machine.ts';
import { columnStep, pointer, rowStep } from './operands.ts';
import type { RowSums } from './row-sums.ts';

/** Columns that a thread sums at a time; as in assembly/column-sums.ts. */
const BLOCK = 64;
/** The same for the contraction of matrices that are wide: longer runs of a row, which the processor fetches ahead. */
const WIDE_BLOCK = 256;

/**
 * Kernels that sum over the rows of a matrix, threads sharing its columns: see `Kernels` for what each computes. `plain`: the
 * loops for activations without vectors.
 */
export function columnKernels(machine: Machine, threads: number, sums: RowSums, plain: CpuKernels) {
  /** `weights`: pointer and step of the rows' own, both 0 where they have none. */
  function addSums(out: View, alpha: number, weights: readonly [number, number], a: View): void {
    const [rows, columns] = a.shape;
    const operands = [pointer(out), columnStep(out), pointer(a), rowStep(a), columnStep(a), ...weights];
    const blocks = Math.ceil(columns / BLOCK);
    machine.run('addColumnSums', threads, blocks, grainOf(rows), rows, columns, ...operands, alpha);
  }

  return {
    addColumnSums: (out: View, a: View, alpha: number) => addSums(out, alpha, [0, 0], a),
    addWeightedRows: (out: View, alpha: number, s: View, x: View) =>
      addSums(out, alpha, [pointer(s), columnStep(s)], x),
    contraction(
      dA: View,
      pull: View,
      results: Results,
      slot: number,
      a: View,
      norms: View,
      f: Activation,
      kappa: number,
      m: number,
    ): void {
      const number = activationNumber(f);
      if (number === undefined) {
        plain.contraction(dA, pull, results, slot, a, norms, f, kappa, m);
        return;
      }
      const [rows, columns] = a.shape;
      const width = columns > 512 ? WIDE_BLOCK : BLOCK; // of the shape alone: sums must not depend on threads
      const blocks = Math.ceil(columns / width);
      const matrices = [dA, a].map((view) => [pointer(view), rowStep(view), columnStep(view)]);
      const vectors = [pull, norms].map((view) => [pointer(view), columnStep(view)]);
      const operands = [...matrices[0], ...vectors[0], ...matrices[1], ...vectors[1], sums.pointer(blocks)];
      const scalars = [2 * kappa, (2 * kappa) / m, number];
      machine.run('contraction', threads, blocks, grainOf(rows), rows, columns, width, ...operands, ...scalars);
      sums.addTo(results, slot, blocks, kappa / m);
    },
  };
}

/** Blocks a chunk. */
function grainOf(rows: number): number {
  return Math.ceil(256 / Math.max(1, rows));
}
