/** What stands in the place of a text that is missing. */
export const GAP = 2 ** 32 - 1;

/** Numbers, or 0 and 1; a gap is NaN. */
export interface NumberCells {
  readonly kind: 'number' | 'boolean';
  readonly values: Float64Array;
}

/** Texts; a gap is GAP. */
export interface TextCells {
  readonly kind: 'text' | 'date';
  /** Of each row the index of its word. */
  readonly codes: Uint32Array;
  /** The different texts, in the order in which they come. */
  readonly words: readonly string[];
}

/** As many numbers in each row: (rows, width); a gap is NaN. */
export interface ListCells {
  readonly kind: 'list';
  readonly values: Float32Array | Float64Array;
  readonly width: number;
  /** What the first of them is called, where they are counted. */
  readonly from?: 0 | 1 | undefined;
}

/** The cells of a column, all of one kind. */
export type Cells = NumberCells | TextCells | ListCells;

export function isTexts(cells: Cells): cells is TextCells {
  return cells.kind === 'text' || cells.kind === 'date';
}

/** A column of a table. */
export interface Column {
  /** Absent where the file has none, or has it twice. */
  readonly name?: string | undefined;
  /** Where in the file it stands, from 1. */
  readonly position: number;
  readonly cells: Cells;
}

/** What CSV, Parquet, Arrow and JSON lines give alike, before it is decided what becomes of each column. */
export interface Table {
  /** What it is called in messages, such as "CSV file". */
  readonly what: string;
  readonly rows: number;
  readonly columns: readonly Column[];
  /** How many columns the file has, those that are not read included. */
  readonly width: number;
  /** Where in the file each row begins, from 1, where it is text. */
  readonly lines?: readonly number[] | undefined;
  readonly notes?: readonly string[] | undefined;
}

/** The name of a column, or its position. */
export function nameOf({ name, position }: Pick<Column, 'name' | 'position'>): string {
  return name === undefined || name === '' ? `column ${position}` : name;
}

/** How many cells of a column are missing. */
export function gapsIn(cells: Cells): number {
  let gaps = 0;
  if (isTexts(cells)) for (const code of cells.codes) gaps += Number(code === GAP);
  else for (const value of cells.values) gaps += Number(Number.isNaN(value));
  return gaps;
}
