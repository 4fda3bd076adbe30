import type { View } from '../cpu-view.ts';
import type { Results } from '../kernels.ts';
import {
  selectAbove as selectAboveByRows,
  selectLargestOfAll as selectByRanking,
} from '../reference/batch-selection.ts';
import type { Machine } from './machine.ts';
import { columnStep, pointer, rowStep } from './operands.ts';
import { MOST_UNITS } from './select.ts';

/** The 31 bits of a number above 0, from the upper ones down, as they are counted: a pass over a each. */
const DIGITS = [
  { shift: 20, bits: 11 },
  { shift: 10, bits: 10 },
  { shift: 0, bits: 10 },
] as const;
/** The bits of +∞; those of NaNs are larger. */
const INFINITE = 0x7f800000;
/** The largest of all. */
const LARGEST = 0x7fffffff;
/** Numbers a chunk: some ten microseconds. */
const CHUNK = 1 << 15;

/** Selections over a whole batch: see `DictionaryKernels` for what each computes. */
export function batchSelectionKernels(machine: Machine, threads: number) {
  const place = (view: View) => [pointer(view), rowStep(view), columnStep(view)] as const;
  const grainOf = ({ shape }: View) => Math.max(1, Math.floor(CHUNK / Math.max(1, shape[1])));
  const float = new Float32Array(1);
  const word = new Int32Array(float.buffer);
  const floatOf = (bits: number) => {
    word[0] = bits;
    return float[0];
  };

  function keepAbove(
    values: View,
    indices: View<Uint32Array>,
    lengths: View<Uint32Array>,
    a: View,
    bound: number,
  ): void {
    const [m, units] = a.shape;
    const pairs = [...place(values), pointer(indices), rowStep(indices), pointer(lengths), columnStep(lengths)];
    machine.run('keepAbove', threads, m, grainOf(a), units, ...pairs, ...place(a), bound);
  }

  /** How many numbers of either digit there are, of those with the bits `prefix` above it and no bits above `most`. */
  function countDigits(a: View, shift: number, bits: number, prefix: number, most: number): Uint32Array {
    const [m, units] = a.shape;
    const at = machine.heap.allocate(4 << bits);
    machine.run('countDigits', threads, m, grainOf(a), units, ...place(a), shift, bits, prefix, most, at);
    const counts = new Uint32Array(machine.heap.memory.buffer, at, 1 << bits).slice();
    machine.heap.release(at);
    return counts;
  }

  /** The bits of the count-th largest number above 0, and how many are above it; 0 where there are no more than `count`. */
  function rank(a: View, count: number): { bound: number; above: number; equal: number } {
    let prefix = 0;
    let above = 0;
    let equal = 0;
    for (const { shift, bits } of DIGITS) {
      const counts = countDigits(a, shift, bits, prefix, LARGEST);
      let digit = counts.length - 1;
      while (digit >= 0 && above + counts[digit] < count) above += counts[digit--];
      if (digit < 0) return { bound: 0, above, equal: 0 };
      equal = counts[digit];
      prefix = prefix * 2 ** bits + digit;
    }
    return { bound: prefix, above, equal };
  }

  return {
    selectLargestOfAll(
      values: View,
      indices: View<Uint32Array>,
      lengths: View<Uint32Array>,
      least: View,
      a: View,
      count: number,
    ): void {
      const [m, units] = a.shape;
      const { bound, above, equal } =
        units > MOST_UNITS || count < 1 ? { bound: -1, above: 0, equal: 0 } : rank(a, count);
      // Of several equal ones not all of which survive, the first do: row by row, one after the other. So with NaNs.
      if (bound < 0 || bound > INFINITE || above + equal > count) {
        selectByRanking(values, indices, lengths, least, a, count);
        return;
      }
      keepAbove(values, indices, lengths, a, bound === 0 ? 0 : floatOf(bound - 1));
      let smallest = bound === 0 ? 0 : floatOf(bound);
      for (let i = 0; bound === 0 && i < m; i++) {
        const n = lengths.data[lengths.offset + i * lengths.stride[0]];
        for (let t = 0; t < n; t++) {
          const value = values.data[values.offset + i * values.stride[0] + t * values.stride[1]];
          if (smallest === 0 || value < smallest) smallest = value;
        }
      }
      least.data[least.offset] = smallest;
    },

    selectAbove(values: View, indices: View<Uint32Array>, lengths: View<Uint32Array>, a: View, threshold: View): void {
      const bound = Math.max(0, threshold.data[threshold.offset]);
      // The threshold is a float64: the largest float32 that is not above it parts the same numbers.
      const below = Math.fround(bound) <= bound ? Math.fround(bound) : floatOf(bitsOf(Math.fround(bound)) - 1);
      if (a.shape[1] > MOST_UNITS) selectAboveByRows(values, indices, lengths, a, threshold);
      else keepAbove(values, indices, lengths, a, below);
    },

    countBytes(results: Results, slot: number, a: View, byte: number, like: number): void {
      const shift = 24 - 8 * byte;
      const counts = countDigits(a, shift, 8, (bitsOf(like) >>> shift) >>> 8, INFINITE);
      for (let digit = 0; digit < 256; digit++) (results as Float64Array)[slot + digit] += counts[digit];
    },
  };

  function bitsOf(value: number): number {
    float[0] = value;
    return word[0];
  }
}
