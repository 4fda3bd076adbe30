// Columns that number the rows, as pandas and R write them beside the data.

/** Whether the cells of a first line are the names that pandas gives to columns without any: 0, 1, …, or nothing and those. */
export function isCountedHeader(cells: readonly string[]): boolean {
  const own = cells[0] === '' ? cells.slice(1) : cells;
  return cells.length >= 2 && own.every((cell, i) => cell === `${i}`);
}

/** Whether a name in a header is none: nothing, or what pandas makes of nothing. */
export function isUnnamed(name: string): boolean {
  return name === '' || /^unnamed: 0(_level_0)?$/i.test(name);
}

/** Rows from which on a column that counts them is no accident. */
const ROWS = 3;

/** Whether column 0 of (m, d) numbers counts its rows, from 0 or, with `fromOne`, from 1. */
export function countsRows(x: Float64Array, m: number, d: number, fromOne = false): boolean {
  const start = fromOne && x[0] === 1 ? 1 : 0;
  for (let i = 0; i < m; i++) if (x[i * d] !== i + start) return false;
  return m >= ROWS;
}

/** Whether column 0 tells every row from every other by a whole number: an index, though rows were left out or shuffled. */
export function numbersRows(x: Float64Array, m: number, d: number): boolean {
  const column = Float64Array.from({ length: m }, (_, i) => x[i * d]).sort();
  return column.every((value, i) => Number.isInteger(value) && value >= 0 && (i === 0 || value !== column[i - 1]));
}

/** Takes column 0 out of (m, d) numbers, in place. */
export function withoutFirst(x: Float64Array, m: number, d: number): void {
  for (let i = 0; i < m; i++) x.copyWithin(i * (d - 1), i * d + 1, (i + 1) * d);
}
