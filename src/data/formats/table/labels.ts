import { InputError, show } from '../../../errors.ts';
import { refuseNoLabel } from './gaps.ts';
import { type Column, GAP, isTexts, nameOf, type Table } from './table.ts';

/** The class of each example, by number, and what the classes are called, where they are texts. */
export interface Labels {
  readonly labels: Uint32Array;
  readonly classes?: readonly string[] | undefined;
}

/** Classes that there is room for. */
const MOST_CLASSES = 2 ** 16;

/**
 * Classes as a column of a table has them: whole numbers are what they are; texts, true and false, and numbers below 0 are numbered in their order,
 * or as `known` has them. Throws InputError, naming the line, at other numbers, at gaps, and at texts that are not known.
 */
export function labelsOf(table: Table, column: Column, rows: Uint32Array, known?: readonly string[]): Labels {
  const { cells } = column;
  const word = wordsOf(column);
  if (word === null) {
    if (cells.kind !== 'number') throw new InputError(`${table.what}: ${show(nameOf(column))} holds no labels`);
    const labels = Uint32Array.from(rows, (row) => {
      const label = cells.values[row];
      if (Number.isNaN(label)) refuseNoLabel(table, column, row);
      if (Number.isInteger(label) && label >= 0 && label < 2 ** 32) return label;
      throw new InputError(
        `${table.what}: ${show(nameOf(column))} holds ${label}: labels are texts, or whole numbers from 0 to 2^32 − 1`,
      );
    });
    return { labels };
  }
  const words = Array.from(rows, (row) => word(row) ?? refuseNoLabel(table, column, row));
  const inOrder = (a: string, b: string) => (a < b ? -1 : Number(a > b));
  const byNumber = (a: string, b: string) => Number(a) - Number(b);
  const classes = known ?? [...new Set(words)].sort(cells.kind === 'number' ? byNumber : inOrder);
  if (classes.length > MOST_CLASSES) {
    throw new InputError(
      `${table.what}: ${show(nameOf(column))} holds ${classes.length} different texts: at most ${MOST_CLASSES} classes are told apart; name another column`,
    );
  }
  const numbers = new Map(classes.map((name, i) => [name, i]));
  const labels = Uint32Array.from(words, (name) => {
    const label = numbers.get(name);
    if (label !== undefined) return label;
    throw new InputError(
      `${table.what}: ${show(nameOf(column))} holds the class ${show(name)}, which training never showed: leave it out, or train on more`,
    );
  });
  return { labels, classes };
}

/** What tells the word of a row; null of a column of numbers or lists. */
function wordsOf({ cells }: Column): ((row: number) => string | null) | null {
  if (isTexts(cells)) {
    return (row) => (cells.codes[row] === GAP ? null : cells.words[cells.codes[row]]);
  }
  // −1 and 1, as LIBSVM has them.
  if (cells.kind === 'number' && cells.values.some((value) => value < 0)) {
    return (row) => (Number.isNaN(cells.values[row]) ? null : `${cells.values[row]}`);
  }
  if (cells.kind !== 'boolean') return null;
  return (row) => (Number.isNaN(cells.values[row]) ? null : cells.values[row] === 1 ? 'true' : 'false');
}
