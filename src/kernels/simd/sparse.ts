import type { View } from '../cpu-view.ts';
import type { Machine } from './machine.ts';
import { columnStep, pointer, rowStep } from './operands.ts';

/** Products a chunk: some ten microseconds. */
const CHUNK = 1 << 17;

/** Products and sums over pairs: see `Kernels` for what each computes. */
export function sparseKernels(machine: Machine, threads: number) {
  return {
    addSparseRows(out: View, values: View, indices: View<Uint32Array>, rows: View, lengths: Lengths = null): void {
      const [m, k] = values.shape;
      const columns = out.shape[1];
      const operands = [...matrix(out), ...matrix(values), ...rowsOf(indices), ...matrix(rows), ...lengthsOf(lengths)];
      machine.run('addSparseRows', threads, m, chunk(k * columns), k, columns, ...operands);
    },
    sparseDots(out: View, dense: View, indices: View<Uint32Array>, rows: View, lengths: Lengths = null): void {
      const [m, k] = out.shape;
      const columns = dense.shape[1];
      const operands = [...matrix(out), ...matrix(dense), ...rowsOf(indices), ...matrix(rows), ...lengthsOf(lengths)];
      machine.run('sparseDots', threads, m, chunk(k * columns), k, columns, ...operands);
    },
    gatherColumns(out: View, dense: View, indices: View<Uint32Array>, lengths: Lengths = null): void {
      const [m, k] = out.shape;
      const operands = [...matrix(out), ...matrix(dense), ...rowsOf(indices), ...lengthsOf(lengths)];
      machine.run('gatherColumns', threads, m, chunk(8 * k), k, ...operands);
    },
    addSparseOuter(
      out: View,
      alpha: number,
      values: View,
      indices: View<Uint32Array>,
      dense: View,
      lengths: Lengths = null,
    ): void {
      const [features, columns] = out.shape;
      const [m, k] = values.shape;
      if (m * k === 0) return;
      const sorted = machine.pairLists.build(features, alpha, values, indices, lengthsOf(lengths));
      const grain = chunk((m * k * columns) / features);
      const operands = [...matrix(out), ...matrix(dense)];
      machine.run('addSparseOuter', threads, features, grain, ...sorted, columns, ...operands);
    },
    addSparseSums(out: View, alpha: number, values: View, indices: View<Uint32Array>, lengths: Lengths = null): void {
      const [m, k] = values.shape;
      const target = [pointer(out), columnStep(out)] as const;
      machine.run(
        'addSparseSums',
        threads,
        1,
        1,
        m,
        k,
        ...target,
        alpha,
        ...matrix(values),
        ...rowsOf(indices),
        ...lengthsOf(lengths),
      );
    },
  };
}

type Lengths = View<Uint32Array> | null;

/** Pointer and step; 0 where all pairs count. */
function lengthsOf(lengths: Lengths): readonly [number, number] {
  return lengths === null ? [0, 0] : [pointer(lengths), columnStep(lengths)];
}

/** Units a chunk, of so many products each. */
function chunk(products: number): number {
  return Math.max(1, Math.ceil(CHUNK / Math.max(1, products)));
}

function matrix(view: View) {
  return [pointer(view), rowStep(view), columnStep(view)] as const;
}

function rowsOf(indices: View<Uint32Array>) {
  return [pointer(indices), rowStep(indices)] as const;
}
