import { cellValue, isNumberLike } from '../csv-numbers.ts';

/** What cells are taken for; what is neither a number, a boolean nor a date is a text. */
export type CellKind = 'number' | 'boolean' | 'date' | 'text';

const gap = /^(nan|na|n\/a|null|none|\?|-|)$/i;
const yes = /^(true|yes)$/i;
const no = /^(false|no)$/i;
const day =
  /^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})|\d{1,2}[- ][a-z]{3,9}[- ]\d{4}|[a-z]{3,9} \d{1,2},? \d{4})([T ,]+\d{1,2}:\d{2}.{0,24})?$/i;
const time = /^\d{1,2}:\d{2}(:\d{2}([.,]\d{1,9})?)?( ?[ap]m)?$/i;
/** Longer ones are texts. */
const MOST_CHARACTERS = 64;

/** Whether a cell, trimmed, stands for a missing value. */
export function isGap(cell: string): boolean {
  return cell.length <= 4 && gap.test(cell);
}

/** 1, 0, or NaN for what is no boolean. */
export function booleanOf(cell: string): number {
  if (yes.test(cell)) return 1;
  return no.test(cell) ? 0 : Number.NaN;
}

/** Whether a cell is a day, a time of day, or both. */
export function isDate(cell: string): boolean {
  return cell.length <= MOST_CHARACTERS && (day.test(cell) || time.test(cell));
}

/** What is seen of the cells of a column, one after the other. */
export class CellCounts {
  numbers = 0;
  gaps = 0;
  private booleans = 0;
  private dates = 0;
  /** Digits with marks that are none here. */
  private numberLike = 0;
  private cells = 0;
  /** The first cell that is no number, and its line. */
  first: { readonly cell: string; readonly line: number } | undefined;

  see(cell: string, decimal: string, line: number): void {
    this.cells++;
    if (!Number.isNaN(cellValue(cell, decimal))) {
      this.numbers++;
      return;
    }
    const trimmed = cell.trim();
    if (isGap(trimmed)) {
      this.gaps++;
      return;
    }
    this.first ??= { cell, line };
    if (isDate(trimmed)) this.dates++;
    else if (!Number.isNaN(booleanOf(trimmed))) this.booleans++;
    else if (isNumberLike(trimmed)) this.numberLike++;
  }

  /** What the column is; 'mixed' where numbers stand beside what is no number, and most look like numbers. */
  get kind(): CellKind | 'empty' | 'mixed' {
    const filled = this.cells - this.gaps;
    if (filled === 0) return 'empty';
    if (this.numbers === filled) return 'number';
    if (this.booleans === filled) return 'boolean';
    if (this.dates === filled) return 'date';
    return 2 * (this.numbers + this.numberLike) >= filled ? 'mixed' : 'text';
  }
}
