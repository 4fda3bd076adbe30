import { InputError, show } from '../../errors.ts';
import type { Examples } from '../examples.ts';
import { assertBytes } from './bytes.ts';
import { parseJson } from './json.ts';
import { tableExamples } from './table/table-examples.ts';
import type { TableOptions } from './table/table-options.ts';
import { type ValueColumns, valuesTable } from './table/values-table.ts';

const WHAT = 'JSON lines file';
const MOST_COLUMNS = 2 ** 20; // each is a list of its own
/** Cells that there is room for, of a text of so many characters: objects may each have other keys. */
const mostCells = (characters: number) => 2 ** 16 + 8 * characters;

/**
 * JSON lines: on each line an object, whose keys name columns, or a list, whose places do. Null, and a key that an object lacks, are
 * gaps; a list of numbers under a key is a column of as many inputs. Throws InputError, naming the line, at what is no JSON, nested
 * more deeply, or mixed. Memory: at most 128 times the file.
 */
export async function jsonLinesExamples(bytes: Uint8Array, options: TableOptions = {}): Promise<Examples> {
  assertBytes(bytes);
  const { table, wanted } = await valuesTable(columnsOf(decoded(bytes)), options);
  return tableExamples(table, wanted, options);
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`${WHAT}: it is not UTF-8 text: save it as UTF-8, or split it if it is larger than 500 MB`);
  }
}

function columnsOf(text: string): ValueColumns {
  const columns: unknown[][] = [];
  const places = new Map<string, number>();
  const lines: number[] = [];
  let isList: boolean | undefined;
  for (let at = 0, number = 1; at < text.length; number++) {
    const next = text.indexOf('\n', at);
    const line = text.slice(at, next < 0 ? text.length : next).trim();
    at = next < 0 ? text.length : next + 1;
    if (line === '') continue;
    const value = parseJson(line, `${WHAT}: line ${number}`);
    if (typeof value !== 'object' || value === null || Array.isArray(value) !== (isList ?? Array.isArray(value))) {
      const found =
        isList === undefined ? 'no object and no list' : `something else than ${isList ? 'a list' : 'an object'}`;
      throw new InputError(`${WHAT}: line ${number} holds ${found}: give an object a line, or a list a line`);
    }
    isList = Array.isArray(value);
    const row = lines.length;
    if (Array.isArray(value)) {
      if (value.length > MOST_COLUMNS) {
        throw new InputError(
          `${WHAT}: line ${number} has a list of ${value.length}: at most ${MOST_COLUMNS} numbers are an example; write .npy`,
        );
      }
      if (row === 0) for (let j = 0; j < value.length; j++) columns.push([]);
      if (value.length !== columns.length || value.length === 0) {
        throw new InputError(
          `${WHAT}: line ${number} has a list of ${value.length}, line ${lines[0] ?? number} one of ${columns.length}: lists must be equally long, and not empty`,
        );
      }
      for (let j = 0; j < value.length; j++) columns[j].push(value[j]);
    } else {
      for (const [key, cell] of Object.entries(value)) {
        let place = places.get(key);
        if (place === undefined) {
          place = columns.length;
          places.set(key, place);
          columns.push([]);
        }
        const column = columns[place];
        while (column.length < row) column.push(null);
        column.push(cell);
      }
    }
    lines.push(number);
    if (columns.length * lines.length > mostCells(text.length)) {
      throw new InputError(
        `${WHAT}: line ${number}: there are ${columns.length} different keys in ${lines.length} objects: give objects of like keys`,
      );
    }
  }
  for (const column of columns) while (column.length < lines.length) column.push(null);
  if (columns.length === 0 && lines.length > 0)
    throw new InputError(`${WHAT}: its objects are empty: give keys and numbers`);
  const names = isList ? columns.map(() => undefined) : [...places.keys()];
  const empty = names.find((name) => name === '');
  if (empty !== undefined) throw new InputError(`${WHAT}: a key is ${show(empty)}: give it a name`);
  return { what: WHAT, rows: lines.length, names, lines, read: (wanted) => wanted.map((place) => columns[place]) };
}
