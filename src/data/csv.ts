import { matrix } from '../array/matrix.ts';
import { InputError, show } from '../errors.ts';
import { assertBytes } from './bytes.ts';
import { splitCells } from './csv-cells.ts';
import { type CsvOptions, chooseColumns } from './csv-columns.ts';
import type { Examples } from './examples.ts';

// Each matches in time linear in the cell: no two parts of it can take the same characters.
const number = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
// Cells that stand for a missing or infinite number: a row that holds one is data, never a header.
const noNumber = /^([+-]?(nan|inf|infinity|na|n\/a|null|none)|\?|-)$/i;
// Digits with marks that are no decimal marks here: 1.234,5 and 12'000 are no names.
const numberLike = /^[+-]?[\d.,'\s]+(e[+-]?\d+)?$/i;
const delimiters = [',', ';', '\t', ' '];
const LIMIT_COLUMNS = 2 ** 20;
const keys = ['columns', 'match', 'decimal', 'id'];

/** The value of a cell, or NaN where it is not a finite number in plain or scientific notation. */
function cellValue(cell: string, decimal: string): number {
  const plain = withPoint(cell, decimal);
  const value = number.test(plain) ? Number(plain) : NaN;
  return Number.isFinite(value) ? value : NaN;
}

/** The cell with a decimal point; nothing where that is not its mark. */
function withPoint(cell: string, decimal: string): string {
  const trimmed = cell.trim();
  if (decimal === '.') return trimmed;
  return trimmed.includes('.') ? '' : trimmed.replace(decimal, '.');
}

/** The text without a byte order mark, its lines ended by \n, none of them blank at the end. */
function decode(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
    let end = lines.length;
    while (lines[end - 1] === '\n') end--;
    return lines.slice(0, end);
  } catch {
    throw new InputError('CSV file: it is not UTF-8 text: save it as UTF-8, or split it if it is larger than 500 MB');
  }
}

/**
 * Comma-, semicolon-, tab- or space-separated numbers in UTF-8, an example a line, as float64. A first line without any
 * number is taken as the columns' names. Throws InputError, naming line and column (counted from 1), at a cell that is
 * read and is no finite number, at a line with another number of cells than the first, above 2²⁰ columns, and where a
 * column is asked for that is not there. Lines are read one by one; memory: at most 16 times the file.
 */
export function csvExamples(bytes: Uint8Array, options: CsvOptions = {}): Examples {
  assertBytes(bytes);
  const decimal = decimalOf(options);
  const text = decode(bytes);
  if (text.trim() === '') throw new InputError('CSV file: it holds no numbers: give one example a line');
  const firstEnd = text.indexOf('\n');
  const first = firstEnd < 0 ? text : text.slice(0, firstEnd);
  const possible = decimal === ',' ? delimiters.slice(1) : delimiters;
  const delimiter = possible.find((candidate) => first.trim().includes(candidate)) ?? possible[0];
  const firstCells = splitCells(first, delimiter, LIMIT_COLUMNS, 1);
  const width = firstCells.length;
  const isNumber = (cell: string) => (numberLike.test(cell) && /\d/.test(cell)) || noNumber.test(cell);
  const { header, places, names, id } = chooseColumns(firstCells, options, isNumber);
  const d = places.length;
  if (d === 0) throw new InputError('CSV file: no column is left to read as numbers: give some beside the id');
  const ids: string[] = [];
  let x = new Float64Array(header ? 0 : d);
  let m = 0;
  let line = 0;
  for (let begin = 0; begin <= text.length; ) {
    const newline = text.indexOf('\n', begin);
    const end = newline < 0 ? text.length : newline;
    if (++line > 1 || !header) {
      const cells = line === 1 ? firstCells : splitCells(text.slice(begin, end), delimiter, width, line);
      if (cells.length !== width) throw unequal(line, cells.length, width, delimiter);
      if (x.length < (m + 1) * d) x = grown(x, (m + 1) * d, Math.ceil((text.length + 1) / 2) * Math.ceil(d / width));
      for (let j = 0; j < d; j++) x[m * d + j] = valueAt(cells[places[j]], decimal, line, places[j] + 1);
      if (id !== undefined) ids.push(cells[id].trim());
      m++;
    }
    begin = end + 1;
  }
  if (m === 0) throw new InputError('CSV file: it holds no numbers: give one example a line');
  return {
    x: matrix(x.slice(0, m * d), m, d),
    unit: 1,
    ...(names === undefined ? {} : { columns: names }),
    positions: places.map((place) => place + 1),
    ...(id === undefined ? {} : { ids }),
  };
}

function decimalOf(options: CsvOptions): '.' | ',' {
  if (typeof options !== 'object' || options === null) {
    throw new InputError(`options is ${show(options)}: it must be an object such as { columns: ['height', 'weight'] }`);
  }
  const stray = Object.keys(options).find((key) => !keys.includes(key));
  if (stray !== undefined) throw new InputError(`options.${stray} is not known: the keys here are ${keys.join(', ')}`);
  const { decimal = '.' } = options;
  if (decimal === '.' || decimal === ',') return decimal;
  throw new InputError(`options.decimal is ${show(decimal)}: it must be "." or ","`);
}

function unequal(line: number, count: number, width: number, delimiter: string): InputError {
  const given = count > width ? `more than ${width}` : count;
  // Commas as decimal marks cut cells in two.
  const hint = delimiter === ',' ? '; if commas are decimal marks, say so (decimal ",")' : '';
  return new InputError(
    `CSV file: line ${line} has ${given} cells, line 1 has ${width}: all lines must be equally long${hint}`,
  );
}

/** A copy with room for `needed` numbers and as many again, but not for more than a text can hold. */
function grown(x: Float64Array<ArrayBuffer>, needed: number, most: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(Math.max(needed, Math.min(2 * needed, most)));
  out.set(x);
  return out;
}

function valueAt(cell: string, decimal: string, line: number, column: number): number {
  const value = cellValue(cell, decimal);
  if (!Number.isNaN(value)) return value;
  throw new InputError(
    `CSV file: line ${line}, column ${column} is ${show(cell.slice(0, 40))}: every cell that is read must be a finite number such as ${decimal === '.' ? '-1.5e3' : '-1,5e3'}; ${remedyFor(cell.trim(), decimal)}`,
  );
}

/** What to do about a cell that is no number. */
function remedyFor(cell: string, decimal: string): string {
  if (cell === '' || noNumber.test(cell)) return 'fill the gap, or leave out its row, or its column (columns)';
  if (decimal === '.' && /\d,\d|;|\t/.test(cell)) return 'if commas are decimal marks, say so (decimal ",")';
  if (decimal === ',' && /\d\.\d/.test(cell)) return 'points are no decimal marks here (decimal ",")';
  return 'choose the columns that hold numbers (columns)';
}
