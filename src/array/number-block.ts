import type { AnyNumbers } from './matrix.ts';

/** A rectangle of a matrix: so a matrix goes from file to memory a part at a time. */
export interface NumberBlock {
  /** rows × columns of them: row by row, or column by column where `byColumn`. */
  readonly values: AnyNumbers;
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
  readonly byColumn: boolean;
}
