import { InputError, show } from '../../../errors.ts';
import { isDate, isGap } from './cell-kinds.ts';
import type { Cells, ListCells } from './table.ts';
import { Words } from './words.ts';

/** Numbers of lists that there is room for. */
const MOST_NUMBERS = 2 ** 27;

type Kind = 'number' | 'boolean' | 'text' | 'date' | 'list';

/** What a value is; null for a gap. Whole numbers of any size are numbers; of the other kinds none is taken for another. */
function kindOf(value: unknown): Kind | null | 'other' {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'bigint') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return isGap(value.trim()) ? null : 'text';
  if (value instanceof Date) return 'date';
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView)) ? 'list' : 'other';
}

/**
 * The cells of a column of values, such as JSON or Parquet hold: numbers, true and false, texts, dates, or lists of as many numbers each; null and
 * undefined are gaps. Whole numbers beyond 2⁵³ are texts, for they name things. Throws InputError, naming the column, at
 * anything nested, at kinds that are mixed, and at lists of several lengths.
 */
export function columnOfValues(values: ArrayLike<unknown>, what: string, name: string): Cells {
  let kind: Kind | null = null;
  let isLarge = false;
  let areDates = true;
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    const own = kindOf(value);
    if (own === null) continue;
    if (own === 'other' || (kind !== null && own !== kind)) throw mixed(what, name, row, own === 'other' ? null : kind);
    kind = own;
    if (typeof value === 'bigint' && BigInt(Number(value)) !== value) isLarge = true;
    if (own === 'text' && areDates) areDates = isDate(`${value}`.trim());
  }
  if (kind === 'list') return listsOf(values, what, name);
  if (kind === 'text' || kind === 'date' || isLarge) {
    const words = new Words(values.length, name);
    for (let row = 0; row < values.length; row++) words.add(wordOf(values[row]));
    return words.cells(kind === 'date' || (kind === 'text' && areDates) ? 'date' : 'text');
  }
  const numbers = new Float64Array(values.length);
  for (let row = 0; row < numbers.length; row++) {
    const value = values[row];
    numbers[row] = value === null || value === undefined || typeof value === 'string' ? Number.NaN : Number(value);
  }
  return { kind: kind ?? 'number', values: numbers };
}

function wordOf(value: unknown): string | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value === null || value === undefined) return null;
  const text = `${value}`.trim().replace(/\s+/g, ' ');
  return isGap(text) ? null : text;
}

/** Lists in one array, as float32 where that is what they are. */
function listsOf(values: ArrayLike<unknown>, what: string, name: string): ListCells {
  const rows = values.length;
  const lists = values as ArrayLike<ArrayLike<unknown> | null | undefined>;
  let width = 0;
  let single = true;
  for (let row = 0; row < rows; row++) {
    const list = lists[row];
    if (list === null || list === undefined) throw mixed(what, name, row, 'list');
    if (row === 0) width = list.length;
    single &&= list instanceof Float32Array;
    if (list.length !== width || width === 0) {
      throw new InputError(
        `${what}: the column ${show(name)} holds a list of ${list.length} in row ${row} (counted from 0), and one of ${width} in row 0: lists must be equally long, and not empty`,
      );
    }
  }
  if (rows * width > MOST_NUMBERS) {
    throw new InputError(
      `${what}: the column ${show(name)} holds ${rows} lists of ${width} numbers: at most ${MOST_NUMBERS} numbers are held in memory; write it as shards of .npy files`,
    );
  }
  const out = single ? new Float32Array(rows * width) : new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const list = lists[row] as ArrayLike<unknown>;
    for (let j = 0; j < width; j++) {
      const value = list[j];
      if (value === null || value === undefined) out[row * width + j] = Number.NaN;
      else if (typeof value === 'number' || typeof value === 'bigint') out[row * width + j] = Number(value);
      else throw mixed(what, name, row, 'list');
    }
  }
  return { kind: 'list', values: out, width };
}

function mixed(what: string, name: string, row: number, kind: Kind | null): InputError {
  const others =
    kind === null ? 'an object' : `something else than ${kind === 'list' ? 'a list of numbers' : `a ${kind}`}`;
  return new InputError(
    `${what}: the column ${show(name)} holds ${others} in row ${row} (counted from 0): a column holds numbers, true and false, texts, or lists of numbers; leave it out (--without)`,
  );
}
