import { InputError, show } from '../../../errors.ts';
import { type Column, GAP, isTexts, nameOf, type Table } from './table.ts';

const SHOWN = 3;

/** Whether a cell of the column is missing, by row. */
function missingIn({ cells }: Column): (row: number) => boolean {
  if (isTexts(cells)) return (row) => cells.codes[row] === GAP;
  if (cells.kind !== 'list') return (row) => Number.isNaN(cells.values[row]);
  const { values, width } = cells;
  return (row) => values.subarray(row * width, (row + 1) * width).some(Number.isNaN);
}

/** The rows that have no gap in any of the columns. */
export function wholeRows({ rows }: Table, columns: readonly Column[]): Uint32Array {
  const tests = columns.map(missingIn);
  return Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => !tests.some((isGap) => isGap(row)));
}

/** How many numbers of the columns are missing, in words that name the columns that lack most; null where none is. */
export function gapsText(table: Table, columns: readonly Column[]): { count: number; text: string } | null {
  const counts = columns
    .map((column) => {
      const isGap = missingIn(column);
      let gaps = 0;
      for (let row = 0; row < table.rows; row++) gaps += Number(isGap(row));
      return { name: nameOf(column), gaps };
    })
    .filter(({ gaps }) => gaps > 0)
    .sort((a, b) => b.gaps - a.gaps);
  if (counts.length === 0) return null;
  const count = counts.reduce((sum, { gaps }) => sum + gaps, 0);
  const most = counts.slice(0, SHOWN).map(({ name, gaps }) => `${gaps.toLocaleString('en-US')} in ${name}`);
  const more = counts.length > SHOWN ? `, and in ${counts.length - SHOWN} more` : '';
  return { count, text: `${most.join(', ')}${more}` };
}

/** @throws InputError where numbers are missing, with the columns that lack most, and the remedies. */
export function refuseGaps(table: Table, columns: readonly Column[], ofModel: boolean): void {
  const numbers = columns.filter(({ cells }) => !isTexts(cells));
  const found = gapsText(table, numbers);
  if (found === null) return;
  const remedy = ofModel
    ? 'the model was trained without a step that fills them: leave their rows out (--drop-rows), or train one with --fill'
    : 'fill them (--fill median of rhohat train), leave their rows out (--drop-rows), or leave out a column';
  const many = found.count === 1 ? '1 number is' : `${found.count.toLocaleString('en-US')} numbers are`;
  throw new InputError(`${table.what}: ${many} missing, ${found.text}: ${remedy}`);
}

/** The lines of the rows that are left out, the first few, in words. */
export function linesText(table: Table, kept: Uint32Array): string {
  const left = new Set(kept);
  const gone = Array.from({ length: table.rows }, (_, row) => row).filter((row) => !left.has(row));
  const shown = gone.slice(0, 8).map((row) => table.lines?.[row] ?? row);
  const where = table.lines ? (gone.length === 1 ? 'line' : 'lines') : 'counted from 0';
  return `${where} ${shown.join(', ')}${gone.length > shown.length ? ', …' : ''}`;
}

/** Of a column that has no name in messages of labels. @throws InputError naming the line. */
export function refuseNoLabel(table: Table, column: Column, row: number): never {
  const where = table.lines ? `line ${table.lines[row]}` : `row ${row}`;
  throw new InputError(
    `${table.what}: ${where} has no label in ${show(nameOf(column))}: fill it, or leave such rows out (--drop-rows)`,
  );
}
