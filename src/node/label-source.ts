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

/** Labels that are an array of a file of several, by its name: "digits.mat:y"; of CIFAR-100 the fine or the coarse ones, "train.bin:coarse". */
export interface LabelArray {
  readonly path: string;
  readonly array: string;
}

/** The file and its array that a source of labels names; null where it names a file as a whole. */
export function labelArray(source: string): LabelArray | null {
  const at = source.search(/(?<=\.(mat|npz|safetensors|bin)(\.gz)?):/i);
  if (at < 0 || at === source.length - 1) return null;
  return { path: source.slice(0, at), array: source.slice(at + 1) };
}

/** The array of the data's own file that holds their labels, and is no input; undefined where they are elsewhere. */
export function ownArray(data: string, source: string | undefined): string | undefined {
  const labels = source === undefined ? null : labelArray(source);
  return labels?.path === data ? labels.array : undefined;
}
