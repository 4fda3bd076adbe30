import { InputError, show } from '../../../errors.ts';
import { readLine } from '../csv-cells.ts';
import { type ChosenColumns, chooseColumns } from '../csv-columns.ts';
import { withComment } from '../csv-comment.ts';
import { isUnnamed } from '../csv-index.ts';
import { isNumberLike, valueAt } from '../csv-numbers.ts';
import { type CsvText, LIMIT_COLUMNS, openCsv, unequalLines } from '../csv-text.ts';
import { booleanOf, CellCounts, type CellKind, isGap } from './cell-kinds.ts';
import type { Cells, Column, Table } from './table.ts';
import type { TableOptions } from './table-options.ts';
import { type WantedColumns, wantedColumns } from './wanted-columns.ts';
import { Words } from './words.ts';

/** How the lines of a file lie. */
interface Lines {
  readonly opened: CsvText;
  readonly begin: number;
  readonly number: number;
  readonly width: number;
}

/** A table, and which of its columns are what. */
export interface ReadTable {
  readonly table: Table;
  readonly wanted: WantedColumns;
}

/**
 * The columns of a CSV file that are wanted, each as its cells show: numbers, booleans, dates or texts. The file is read
 * twice: kinds first. Throws InputError, naming line and column, where a number stands beside what only looks like one.
 * Memory: 12 bytes a cell and the texts.
 */
export function csvTable(bytes: Uint8Array, options: TableOptions): ReadTable {
  const decimal = options.decimal ?? '.';
  const opened = openCsv(bytes, decimal, options.delimiter);
  const first = readLine(opened.text, opened.begin, opened.delimiter, LIMIT_COLUMNS, 1);
  const cells = first.cells.map((cell) => cell.trim());
  const chosen = headerOf(opened, cells, options);
  const names = chosen.header || chosen.isComment ? chosen.first : undefined;
  const wanted = wantedColumns(names ?? cells.map(() => undefined), options, 'CSV file');
  const lines = {
    opened,
    begin: chosen.header ? first.end + 1 : opened.begin,
    number: opened.number + (chosen.header ? first.lines : 0),
    width: first.cells.length,
  };
  const places = [...new Set([...wanted.inputs, wanted.label, wanted.id])].filter((place) => place !== undefined);
  const { kinds, rows, begun } = kindsOf(lines, places, wanted, decimal);
  if (rows === 0) throw new InputError('CSV file: it holds no rows: give one example a line');
  const columns = columnsOf(lines, places, kinds, { rows, decimal, names });
  return {
    table: {
      what: 'CSV file',
      rows,
      columns,
      width: lines.width,
      lines: begun,
      ...(chosen.note ? { notes: [chosen.note] } : {}),
    },
    wanted,
  };
}

/** Whether the first line names columns, and what they are called. */
function headerOf(opened: CsvText, cells: readonly string[], options: TableOptions): ChosenColumns {
  const { treatment, columns, without, label, header, id } = options;
  const trained = treatment?.inputs.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const match = trained && trained.length === treatment?.inputs.length ? trained : undefined;
  // Of a table without names a number in the place of numbers tells that the first line is an example; texts tell nothing.
  const numbers = treatment?.inputs.filter(({ as }) => as === 'number').map(({ position }) => position);
  const asked = numbers ?? columns;
  const isBare = treatment !== undefined && match === undefined && asked?.length === 0;
  const named = [...(without ?? []), label].filter((one) => typeof one === 'string');
  const csv = {
    ...(asked?.length ? { columns: asked } : {}),
    ...(match ? { match } : {}),
    header: header ?? (named.some((one) => cells.includes(one)) ? true : isBare ? false : undefined),
    id,
  };
  return withComment(opened, cells, csv) ?? chooseColumns(cells, csv, isNumberLike);
}

/** Calls `see` with the cells of each line that is not blank, and the line's number. */
function eachLine({ opened, begin, number, width }: Lines, see: (cells: readonly string[], line: number) => void) {
  const { text, delimiter } = opened;
  for (let at = begin, line = number; at < text.length; ) {
    const { cells, end, lines } = readLine(text, at, delimiter, width, line);
    at = end + 1;
    const isBlank = width > 1 && cells.length <= 1 && cells.join('').trim() === '';
    if (!isBlank) {
      if (cells.length !== width) throw unequalLines(line, cells.length, width, delimiter, opened.number);
      see(cells, line);
    }
    line += lines;
  }
}

/** The kind of each place: known from training, or what its cells show. */
function kindsOf(lines: Lines, places: readonly number[], { inputs, treated, id }: WantedColumns, decimal: string) {
  const known = new Map(treated?.map((column, i) => [inputs[i], column.as === 'category' ? 'text' : column.as]));
  const counts = new Map(places.filter((place) => !known.has(place)).map((place) => [place, new CellCounts()]));
  const begun: number[] = [];
  eachLine(lines, (cells, line) => {
    for (const [place, seen] of counts) seen.see(cells[place], decimal, line);
    begun.push(line);
  });
  const kinds = new Map<number, CellKind | 'empty'>();
  for (const place of places) {
    const kind = place === id && !inputs.includes(place) ? 'text' : (known.get(place) ?? counts.get(place)?.kind);
    const first = counts.get(place)?.first;
    // Throws, for that cell is no number.
    if (kind === 'mixed' && first !== undefined) valueAt(first.cell, decimal, first.line, place + 1);
    kinds.set(place, kind as CellKind | 'empty');
  }
  return { kinds, rows: begun.length, begun };
}

function columnsOf(
  lines: Lines,
  places: readonly number[],
  kinds: ReadonlyMap<number, CellKind | 'empty'>,
  { rows, decimal, names }: { rows: number; decimal: string; names: readonly string[] | undefined },
): Column[] {
  const made = places.map((place) => {
    const kind = kinds.get(place) ?? 'text';
    const title = names?.[place] ?? `column ${place + 1}`;
    if (kind === 'text' || kind === 'date') {
      const words = new Words(rows, title);
      const add = (cell: string) => {
        const word = cell.trim();
        words.add(isGap(word) ? null : word.replace(/\s+/g, ' '));
      };
      return { place, add, cells: () => words.cells(kind) };
    }
    const values = new Float64Array(rows);
    let n = 0;
    const add = (cell: string, line: number) => {
      const word = cell.trim();
      values[n++] = isGap(word)
        ? Number.NaN
        : kind === 'boolean'
          ? booleanAt(word, line, place)
          : valueAt(cell, decimal, line, place + 1);
    };
    return { place, add, cells: (): Cells => ({ kind: kind === 'boolean' ? 'boolean' : 'number', values }) };
  });
  eachLine(lines, (cells, line) => {
    for (const { place, add } of made) add(cells[place], line);
  });
  return made.map(({ place, cells }) => ({
    ...(names !== undefined &&
    !isUnnamed(names[place]) &&
    names.indexOf(names[place]) === names.lastIndexOf(names[place])
      ? { name: names[place] }
      : {}),
    position: place + 1,
    cells: cells(),
  }));
}

/** @throws InputError where the cell is no boolean, in a column that held nothing else in training. */
function booleanAt(word: string, line: number, place: number): number {
  const value = word === '1' || word === '0' ? Number(word) : booleanOf(word);
  if (!Number.isNaN(value)) return value;
  throw new InputError(
    `CSV file: line ${line}, column ${place + 1} is ${show(word.slice(0, 40))}: the model was trained on true and false there: repair it`,
  );
}
