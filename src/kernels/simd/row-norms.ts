import type { View } from '../cpu-view.ts';
import type { Machine } from './machine.ts';
import { columnStep, pointer, rowStep } from './operands.ts';

/** Numbers a chunk: some ten microseconds. */
const CHUNK = 1 << 15;

/** The kernels that hold rows at norm 1: see `DictionaryKernels` for what each computes. */
export function rowNormKernels(machine: Machine, threads: number) {
  const grainOf = ({ shape }: View) => Math.max(1, Math.floor(CHUNK / Math.max(1, shape[1])));
  const place = (view: View) => [pointer(view), rowStep(view), columnStep(view)] as const;
  return {
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
