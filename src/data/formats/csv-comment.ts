import { readLine } from './csv-cells.ts';
import { type ChosenColumns, type CsvOptions, chooseColumns } from './csv-columns.ts';
import { isNumberLike } from './csv-numbers.ts';
import type { CsvText } from './csv-text.ts';

/** The columns as the last comment before the data names them, where it has a word for each; numpy.savetxt writes such. */
export function withComment(
  { comments, delimiter }: CsvText,
  first: readonly string[],
  options: CsvOptions,
): (ChosenColumns & { readonly isComment: true }) | null {
  const last = comments[comments.length - 1];
  if (last === undefined || options.header === false || !first.some((cell) => isNumberLike(cell.trim()))) return null;
  const { cells } = readLine(last.replace(/^#+[ ]?/, ''), 0, delimiter, first.length, 2);
  if (cells.length !== first.length || cells.some((cell) => isNumberLike(cell.trim()) || cell.trim() === ''))
    return null;
  const names = cells.map((cell) => cell.trim());
  // A remark of as many words as there are columns does not name those of a model.
  if (options.match?.some((name) => !names.includes(name))) return null;
  return { ...chooseColumns(cells, { ...options, header: true }, isNumberLike), header: false, isComment: true };
}
