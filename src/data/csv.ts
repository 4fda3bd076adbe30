import { matrix } from '../array/matrix.ts';
import { InputError, show } from '../errors.ts';
import { assertBytes } from './bytes.ts';
import { splitCells } from './csv-cells.ts';
import type { Examples } from './examples.ts';

// Each matches in time linear in the cell: no two parts of it can take the same characters.
const number = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
// Cells that stand for a missing or infinite number: a row that holds one is data, never a header.
const noNumber = /^[+-]?(nan|inf|infinity|na|n\/a|null|none)$/i;
const delimiters = [',', ';', '\t', ' '];
const LIMIT_COLUMNS = 2 ** 20;

/** The value of a cell, or NaN where it is not a finite number in plain or scientific notation. */
function cellValue(cell: string): number {
  const trimmed = cell.trim();
  const value = number.test(trimmed) ? Number(trimmed) : NaN;
  return Number.isFinite(value) ? value : NaN;
}

/** Whether a first row names columns: it holds words, and no number. */
function isHeader(cells: readonly string[]): boolean {
  const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
  return filled.length > 0 && !filled.some((cell) => number.test(cell) || noNumber.test(cell));
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
 * number is taken as the columns' names. Throws InputError, naming line and column (counted from 1), at a cell that
 * is no finite number, at a line with another number of cells than the first, and above 2²⁰ columns.
 * Lines are read one by one; memory: at most 16 times the file.
 */
export function csvExamples(bytes: Uint8Array): Examples {
  assertBytes(bytes);
  const text = decode(bytes);
  if (text.trim() === '') throw new InputError('CSV file: it holds no numbers: give one example a line');
  const firstEnd = text.indexOf('\n');
  const first = firstEnd < 0 ? text : text.slice(0, firstEnd);
  const delimiter = delimiters.find((candidate) => first.trim().includes(candidate)) ?? ',';
  const names = splitCells(first, delimiter, LIMIT_COLUMNS, 1);
  const d = names.length;
  const hasHeader = isHeader(names);
  let x = new Float64Array(hasHeader ? 0 : d);
  let m = 0;
  let line = 0;
  for (let begin = 0; begin <= text.length; ) {
    const newline = text.indexOf('\n', begin);
    const end = newline < 0 ? text.length : newline;
    if (++line > 1 || !hasHeader) {
      const cells = line === 1 ? names : splitCells(text.slice(begin, end), delimiter, d, line);
      if (cells.length !== d) {
        const given = cells.length > d ? `more than ${d}` : cells.length;
        throw new InputError(
          `CSV file: line ${line} has ${given} cells, line 1 has ${d}: all lines must be equally long`,
        );
      }
      if (x.length < (m + 1) * d) x = grown(x, (m + 1) * d, Math.ceil((text.length + 1) / 2));
      for (let j = 0; j < d; j++) x[m * d + j] = valueAt(cells[j], line, j + 1);
      m++;
    }
    begin = end + 1;
  }
  if (m === 0) throw new InputError('CSV file: it holds no numbers: give one example a line');
  return { x: matrix(x.slice(0, m * d), m, d), unit: 1 };
}

/** A copy with room for `needed` numbers and as many again, but not for more than a text can hold. */
function grown(x: Float64Array<ArrayBuffer>, needed: number, most: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(Math.max(needed, Math.min(2 * needed, most)));
  out.set(x);
  return out;
}

function valueAt(cell: string, line: number, column: number): number {
  const value = cellValue(cell);
  if (!Number.isNaN(value)) return value;
  throw new InputError(
    `CSV file: line ${line}, column ${column} is ${show(cell.slice(0, 40))}: every cell must be a finite number such as -1.5e3`,
  );
}
