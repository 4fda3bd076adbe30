import type { View } from '../cpu-view.ts';
import type { Results } from '../kernels.ts';
import { normsOf, put, total } from './column-numbers.ts';
import type { ColumnPass } from './column-pass.ts';
import type { Machine } from './machine.ts';
import { columnStep, pointer, rowStep } from './operands.ts';

/** Numbers a chunk: some ten microseconds. */
const CHUNK = 1 << 15;

/** What goes by the norms of the decoder's rows: see `DictionaryKernels` for what each computes. */
export function rowNormKernels(machine: Machine, threads: number, pass: ColumnPass) {
  const grainOf = ({ shape }: View) => Math.max(1, Math.floor(CHUNK / Math.max(1, shape[1])));
  const place = (view: View) => [pointer(view), rowStep(view), columnStep(view)] as const;
  return {
    scaleColumns(out: View, a: View, squares: View, inverse: boolean): void {
      const norm = normsOf(squares);
      const factor = (n: number) => (n === 0 ? 1 : inverse ? 1 / n : n);
      pass('scaled', [out, a], { vectors: [(j) => factor(norm(j))] });
    },
    normWeightedL1(
      dA: View,
      pull: View,
      results: Results,
      slot: number,
      a: View,
      squares: View,
      gamma: number,
      m: number,
    ): void {
      const norm = normsOf(squares);
      const sum = pass('absolute', [dA, a], { vectors: [(j) => gamma * norm(j)] });
      (results as Float64Array)[slot] += total(a, (j) => (gamma / m) * norm(j) * sum(0, j));
      put(pull, (j) => (norm(j) > 0 ? ((gamma / m) * sum(0, j)) / norm(j) : 0));
    },
    tanhPenalty(
      dA: View,
      pull: View,
      results: Results,
      slot: number,
      a: View,
      squares: View,
      { weight, scale, m }: { readonly weight: number; readonly scale: number; readonly m: number },
    ): void {
      const norm = normsOf(squares);
      const sum = pass('bent', [dA, a], { vectors: [(j) => scale * norm(j), (j) => weight * scale * norm(j)] });
      (results as Float64Array)[slot] += (weight / m) * total(a, (j) => sum(0, j));
      put(pull, (j) => (norm(j) > 0 ? ((weight / m) * scale * sum(1, j)) / norm(j) : 0));
    },
    projectRows(gradient: View, rows: View): void {
      const [n, d] = rows.shape;
      machine.run('projectRows', threads, n, grainOf(rows), d, ...place(gradient), ...place(rows));
    },
    normalizeRows(rows: View): void {
      const [n, d] = rows.shape;
      machine.run('normalizeRows', threads, n, grainOf(rows), d, ...place(rows));
    },
  };
}
