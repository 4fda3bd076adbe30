import type { View } from '../cpu-view.ts';
import { createSelectSilent } from '../reference/silence.ts';
import { selectLargest as selectByHeap } from '../reference/sparse.ts';
import { type Machine, SCRATCH_BYTES } from './machine.ts';
import { columnStep, pointer, rowStep } from './operands.ts';

/** Units of which a row fits scratch, beside a table and a few numbers. */
export const MOST_UNITS = SCRATCH_BYTES / 4 - 128;
/** Numbers a chunk: some twenty microseconds. */
const CHUNK = 16_384;

/** Selections of each row: see `Kernels` and `DictionaryKernels`. Longer rows go by the reference. */
export function selectionKernels(machine: Machine, threads: number) {
  /** Of `units` columns of a: those of a list at `list`, or all where it is 0. */
  function select(values: View, indices: View<Uint32Array>, a: View, k: number, units: number, list: number): void {
    const grain = Math.max(1, Math.ceil(CHUNK / Math.max(1, units)));
    const target = [pointer(values), rowStep(values), columnStep(values)] as const;
    const columns = [pointer(indices), rowStep(indices)] as const;
    const source = [pointer(a), rowStep(a), columnStep(a)] as const;
    machine.run('selectLargest', threads, a.shape[0], grain, k, units, ...target, ...columns, ...source, list);
  }

  function selectLargest(values: View, indices: View<Uint32Array>, a: View): void {
    const units = a.shape[1];
    if (units > MOST_UNITS) selectByHeap(values, indices, a);
    else select(values, indices, a, values.shape[1], units, 0);
  }
  const selectByDrowning = createSelectSilent(selectLargest);

  return {
    selectLargest,

    selectSilent(
      values: View,
      indices: View<Uint32Array>,
      lengths: View<Uint32Array>,
      z: View,
      silence: View,
      limit: number,
    ): void {
      const [m, width] = values.shape;
      const units = silence.shape[0];
      const { buffer, byteOffset } = machine.staging.bytes(4 * units);
      const list = new Uint32Array(buffer, byteOffset, units);
      let silent = 0;
      for (let j = 0; j < units; j++) {
        if (silence.data[silence.offset + j * silence.stride[0]] >= limit) list[silent++] = j;
      }
      if (silent + width > MOST_UNITS) {
        selectByDrowning(values, indices, lengths, z, silence, limit);
        return;
      }
      const n = Math.min(width, silent);
      for (let i = 0; i < m; i++) lengths.data[lengths.offset + i * lengths.stride[0]] = n;
      if (n > 0) select(values, indices, z, n, silent, byteOffset);
    },
  };
}
