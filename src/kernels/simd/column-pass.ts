import type { View } from '../cpu-view.ts';
import type { ByColumn } from './column-numbers.ts';
import type { Machine } from './machine.ts';
import { columnStep, pointer, rowStep } from './operands.ts';

/** Of each kind its number, as in assembly/column-pass.ts, and how many sums a column has. */
const KINDS = {
  jump: [0, 0],
  jumpDelta: [1, 1],
  l0Delta: [2, 1],
  preActivation: [3, 2],
  gated: [4, 0],
  gatedDelta: [5, 3],
  mask: [6, 0],
  scaled: [7, 0],
  count: [8, 1],
  moments: [9, 2],
  absolute: [10, 1],
  bent: [11, 2],
} as const;
/** Matrices of a pass at most, and what stands for one that is absent: pointer, row stride, column stride. */
const MATRICES = 4;
const NONE = [0, 0, 1];
/** Columns that a thread takes at a time: long runs of a row are read several times as fast, but their sums should stay near. */
const [LEAST, MOST] = [512, 4096];
/** Columns whose sums fill whole cache lines. */
const LINES = 64;
/** Numbers a chunk: some ten microseconds. */
const CHUNK = 16_384;

/** What a pass has beside its matrices: u, v, w by column; α, β and a flag. */
export interface PassOptions {
  readonly vectors?: readonly ByColumn[] | undefined;
  readonly alpha?: number | undefined;
  readonly beta?: number | undefined;
  readonly flag?: boolean | undefined;
}

/**
 * Runs a pass over matrices of one shape, the second of which is always there; the first is written. Returns what each column
 * has gained, by the number of the sum: it is there until the next pass.
 */
export type ColumnPass = (
  kind: keyof typeof KINDS,
  matrices: readonly (View | null)[],
  options?: PassOptions,
) => (sum: number, j: number) => number;

/** The passes on a machine, threads sharing the columns. */
export function createColumnPass(machine: Machine, threads: number): ColumnPass {
  return (kind, matrices, { vectors = [], alpha = 0, beta = 0, flag = false } = {}) => {
    const [number, gains] = KINDS[kind];
    const [rows, columns] = (matrices[1] as View).shape;
    const room = 4 * Math.ceil(columns / 4); // columns go in fours
    const { buffer, byteOffset } = machine.staging.bytes(4 * room * vectors.length);
    const staged = new Float32Array(buffer, byteOffset, room * vectors.length);
    for (const [k, vector] of vectors.entries()) {
      for (let j = 0; j < columns; j++) staged[k * room + j] = vector(j);
    }
    const places: number[] = [];
    for (let k = 0; k < MATRICES; k++) {
      const view = matrices[k] ?? null;
      places.push(...(view === null ? NONE : [pointer(view), rowStep(view), columnStep(view)]));
    }
    const { rowSums } = machine;
    const share = LINES * Math.ceil(columns / threads / LINES); // changes no bit: columns have their own sums
    const width = Math.max(LEAST, Math.min(MOST, share));
    const [units, size] = gains === 0 ? [rows, columns] : [Math.ceil(columns / width), rows * width];
    const grain = Math.ceil(CHUNK / Math.max(1, size));
    const extent = [number, rows, columns, width, room];
    const rest = [byteOffset, rowSums.pointer(gains * room), gains, alpha, beta, Number(flag)];
    machine.run('columnPass', threads, units, grain, ...extent, ...places, ...rest);
    const { values } = rowSums;
    return (sum, j) => values[sum * room + j];
  };
}
