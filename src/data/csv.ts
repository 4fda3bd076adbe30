import Papa from 'papaparse';
import { matrix } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import type { Examples } from './examples.ts';

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
// Cells that stand for a missing or infinite number: a row that holds one is data, never a header.
const noNumber = /^[+-]?(nan|inf|infinity|na|n\/a|null|none)$/i;
const delimiters = [',', ';', '\t', ' '];

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

/**
 * Comma-, semicolon-, tab- or space-separated numbers in UTF-8, an example a line, as float64. A first line without any
 * number is taken as the columns' names. Throws InputError, naming line and column (counted from 1), at a cell that
 * is no finite number and at a line with another number of cells than the first.
 */
export function csvExamples(bytes: Uint8Array): Examples {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r\n?/g, '\n').replace(/\n+$/, '');
  } catch {
    throw new InputError('CSV file: it is not UTF-8 text: save it as UTF-8, or split it if it is larger than 500 MB');
  }
  const newline = text.indexOf('\n');
  const first = newline < 0 ? text : text.slice(0, newline);
  const delimiter = delimiters.find((candidate) => first.trim().includes(candidate)) ?? ',';
  const { data: rows, errors } = Papa.parse<string[]>(text, { delimiter, newline: '\n' });
  if (errors.length > 0) {
    throw new InputError(`CSV file: line ${(errors[0].row ?? 0) + 1}: ${errors[0].message}`);
  }
  const header = rows.length > 0 && isHeader(rows[0]) ? 1 : 0;
  const m = rows.length - header;
  if (text.trim() === '' || m === 0) throw new InputError('CSV file: it holds no numbers: give one example a line');
  const d = rows[0].length;
  const x = new Float64Array(m * d);
  for (let i = 0; i < m; i++) {
    const cells = rows[i + header];
    const line = i + header + 1;
    if (cells.length !== d) {
      throw new InputError(
        `CSV file: line ${line} has ${cells.length} cells, line 1 has ${d}: all lines must be equally long`,
      );
    }
    for (let j = 0; j < d; j++) {
      const value = cellValue(cells[j]);
      if (Number.isNaN(value)) {
        const given = JSON.stringify(cells[j].slice(0, 40));
        throw new InputError(
          `CSV file: line ${line}, column ${j + 1} is ${given}: every cell must be a finite number such as -1.5e3`,
        );
      }
      x[i * d + j] = value;
    }
  }
  return { x: matrix(x, m, d), unit: 1 };
}
