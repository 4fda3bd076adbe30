import { isTable } from './files.ts';

/** Labels that are a column of a table: "digits.csv:label", or its position from 1, "digits.csv:1". */
export interface LabelColumn {
  readonly path: string;
  readonly column: string | number;
}

/** The table and its column that a source of labels names; null where it names a file as a whole. */
export function labelColumn(source: string): LabelColumn | null {
  const at = source.lastIndexOf(':');
  const [path, column] = [source.slice(0, at), source.slice(at + 1)];
  if (at < 0 || column === '' || isTable(source) || !isTable(path)) return null;
  return { path, column: /^\d{1,7}$/.test(column) ? Number(column) : column };
}
