import { InputError } from '../../../errors.ts';
import { columnOfValues } from './column-of-values.ts';
import type { ReadTable } from './csv-table.ts';
import { nameOf } from './table.ts';
import type { TableOptions } from './table-options.ts';
import { wantedColumns } from './wanted-columns.ts';

/** Columns of values by their places, of which those are asked for that are wanted. */
export interface ValueColumns {
  /** What the file is called in messages. */
  readonly what: string;
  readonly rows: number;
  /** undefined where the columns have no names. */
  readonly names: readonly (string | undefined)[];
  readonly lines?: readonly number[] | undefined;
  readonly notes?: readonly string[] | undefined;
  /** The values of some of the columns, each of `rows`. */
  read(places: readonly number[]): Promise<readonly ArrayLike<unknown>[]> | readonly ArrayLike<unknown>[];
}

/** A table of columns of values, those that are wanted. @throws InputError where a column is not there, or holds no cells. */
export async function valuesTable(given: ValueColumns, options: TableOptions): Promise<ReadTable> {
  const { what, rows, names, lines, notes } = given;
  if (rows === 0) throw new InputError(`${what}: it holds no rows: give one example a row`);
  const wanted = wantedColumns(names, options, what);
  const places = [...new Set([...wanted.inputs, wanted.label, wanted.id])].filter((place) => place !== undefined);
  const values = await given.read(places);
  const isOnce = (name: string) => names.indexOf(name) === names.lastIndexOf(name);
  const columns = places.map((place, i) => {
    const name = names[place];
    const column = { ...(name !== undefined && name !== '' && isOnce(name) ? { name } : {}), position: place + 1 };
    return { ...column, cells: columnOfValues(values[i], what, nameOf(column)) };
  });
  const table = { what, rows, columns, width: names.length, ...(lines ? { lines } : {}), ...(notes ? { notes } : {}) };
  return { table, wanted };
}
