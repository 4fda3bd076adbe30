import { InputError, show } from '../../errors.ts';

// Each matches in time linear in the cell: no two parts of it can take the same characters.
const number = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
// Cells that stand for a missing or infinite number: a row that holds one is data, never a header.
const noNumber = /^([+-]?(nan|inf|infinity|na|n\/a|null|none)|\?|-)$/i;
// Digits with marks that are no decimal marks here: 1.234,5 and 12'000 are no names.
const numberLike = /^[+-]?[\d.,'\s]+(e[+-]?\d+)?$/i;
/** Groups of three digits with marks between them, and decimals. */
const grouped: Readonly<Record<string, RegExp>> = {
  '.': /^[+-]?\d{1,3}([,' \u00a0\u202f]\d{3})+(\.\d*)?$/,
  ',': /^[+-]?\d{1,3}([.' \u00a0\u202f]\d{3})+(,\d*)?$/,
};

/** Whether a cell is a number, or stands for one, so that it is no name. */
export function isNumberLike(cell: string): boolean {
  return (numberLike.test(cell) && /\d/.test(cell)) || noNumber.test(cell);
}

/** The value of a cell, or NaN where it is not a finite number in plain or scientific notation. */
export function cellValue(cell: string, decimal: string): number {
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

const ofCells = new WeakSet<object>();

/** Whether an error is that of a cell that is no number: a table may know what to do with it. */
export function isOfCell(error: unknown): boolean {
  return error instanceof InputError && ofCells.has(error);
}

/** @throws InputError, naming line and column, where the cell is no number. */
export function valueAt(cell: string, decimal: string, line: number, column: number): number {
  const value = cellValue(cell, decimal);
  if (!Number.isNaN(value)) return value;
  const error = new InputError(
    `CSV file: line ${line}, column ${column} is ${show(cell.slice(0, 40))}: every cell that is read must be a finite number such as ${decimal === '.' ? '-1.5e3' : '-1,5e3'}; ${remedyFor(cell.trim(), decimal)}`,
  );
  ofCells.add(error);
  throw error;
}

/** What to do about a cell that is no number. */
function remedyFor(cell: string, decimal: string): string {
  if (cell === '' || noNumber.test(cell)) return 'fill the gap, or leave out its row, or its column (columns)';
  if (cell.length < 40 && grouped[decimal].test(cell)) {
    const plain = cell.replace(decimal === '.' ? /[^\d.+-]/g : /[^\d,+-]/g, '');
    // 1,125 may be either.
    return /^[+-]?\d{1,3},\d{3}$/.test(cell)
      ? `if the comma is a decimal mark, say so (--decimal , or decimal: ","), and if it stands between thousands, write ${plain}`
      : `marks between thousands are not read: write ${plain}`;
  }
  if (decimal === '.' && /\d,\d|;|\t/.test(cell))
    return 'if commas are decimal marks, say so (--decimal , or decimal: ",")';
  if (decimal === ',' && /\d\.\d/.test(cell)) return 'points are no decimal marks here (decimal ",")';
  return 'choose the columns that hold numbers (columns)';
}
