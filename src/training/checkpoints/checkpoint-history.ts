import type { SafeTensor } from '../../data/formats/safetensors.ts';
import type { Tensor } from '../../data/formats/tensor.ts';
import { InputError } from '../../errors.ts';
import type { HistoryEntry } from '../history.ts';

/** The columns before those of the terms. */
const FIRST = ['step', 'cost'] as const;

/** A history as float64 (epochs, columns), which keeps every bit, and its columns' names; validation comes last. */
export function historyTable(history: readonly HistoryEntry[]): { columns: string[]; table: Tensor } {
  const names = Object.keys(history[0]?.terms ?? {});
  const validated = history[0]?.validation !== undefined;
  const columns = [...FIRST, ...names, ...(validated ? ['validation'] : [])];
  const data = Float64Array.from(
    history.flatMap(({ step, cost, terms, validation = Number.NaN }) => {
      const row = [step, cost, ...names.map((name) => terms[name])];
      return validated ? [...row, validation] : row;
    }),
  );
  return { columns, table: { shape: [history.length, columns.length], data } };
}

/** The history of a table. @throws InputError where table and columns do not fit. */
export function historyFromTable(columns: readonly string[], table: SafeTensor | undefined): HistoryEntry[] {
  const n = columns.length;
  const fits = table?.dtype === 'F64' && table.shape.length === 2 && table.shape[1] === n;
  if (!fits || !FIRST.every((name, i) => columns[i] === name)) {
    throw new InputError(
      'checkpoint: its history is not a float64 table of its columns: it is no file that rhohat saved',
    );
  }
  const validated = columns[n - 1] === 'validation';
  const names = columns.slice(FIRST.length, validated ? -1 : undefined);
  return Array.from({ length: table.shape[0] }, (_, i) => {
    const row = table.data.subarray(i * n, (i + 1) * n);
    const terms = Object.fromEntries(names.map((name, j) => [name, row[FIRST.length + j]]));
    return { epoch: i + 1, step: row[0], cost: row[1], terms, ...(validated ? { validation: row[n - 1] } : {}) };
  });
}
