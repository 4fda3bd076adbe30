import type { View } from '../cpu-view.ts';
import { selectLargest as selectByHeap } from '../reference/sparse.ts';
import { type Machine, SCRATCH_BYTES } from './machine.ts';
import { columnStep, pointer, rowStep } from './operands.ts';

/** Units of which a row fits scratch, beside a table and a few numbers. */
export const MOST_UNITS = SCRATCH_BYTES / 4 - 128;
/** Numbers a chunk: some twenty microseconds. */
const CHUNK = 16_384;

/** values, indices: the k largest of each row of a and their columns; the rest of a is 0. Longer rows go by the reference. */
export function createSelectLargest(machine: Machine, threads: number) {
  return function selectLargest(values: View, indices: View<Uint32Array>, a: View): void {
    const [m, units] = a.shape;
    if (units > MOST_UNITS) {
      selectByHeap(values, indices, a);
      return;
    }
    const k = values.shape[1];
    const grain = Math.max(1, Math.ceil(CHUNK / Math.max(1, units)));
    const target = [pointer(values), rowStep(values), columnStep(values)] as const;
    const columns = [pointer(indices), rowStep(indices)] as const;
    const source = [pointer(a), rowStep(a), columnStep(a)] as const;
    machine.run('selectLargest', threads, m, grain, k, units, ...target, ...columns, ...source);
  };
}
