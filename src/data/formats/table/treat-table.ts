import { matrix } from '../../../array/matrix.ts';
import { InputError, show } from '../../../errors.ts';
import type { Examples } from '../../examples.ts';
import { type Column, GAP, isTexts, nameOf, type Table } from './table.ts';
import type { TreatedColumn, Treatment } from './treatment.ts';

/** Numbers of the examples that there is room for: 1 GiB. */
const MOST_NUMBERS = 2 ** 27;
const MOST_INPUTS = 2 ** 20;

/** How many inputs a column makes. */
export function widthOf(column: TreatedColumn): number {
  if (column.as === 'category') return column.categories.length;
  return column.as === 'list' ? column.width : 1;
}

/** The names of the inputs: a column's own, of a category "pump=B"; undefined where a column has none. */
export function inputNames({ inputs }: Treatment): string[] | undefined {
  if (inputs.some(({ name }) => name === undefined)) return undefined;
  return inputs.flatMap((column) => {
    const { name = '' } = column;
    if (column.as === 'category') return column.categories.map((category) => `${name}=${category}`);
    return column.as === 'list'
      ? Array.from({ length: column.width }, (_, i) => `${name}[${i + (column.from ?? 0)}]`)
      : [name];
  });
}

/** Rows as numbers, and what was met on the way. */
export interface Treated {
  readonly x: Examples['x'];
  /** Cells of categories that training did not show, by column. */
  readonly unknown: ReadonlyMap<string, number>;
}

/**
 * The rows of a table as numbers, `columns[k]` as `inputs[k]` says; gaps are NaN, of a category all zeros. The order of the rows
 * stays. Throws InputError where a column holds something else than in training, or all would take more than 1 GiB.
 */
export function treatTable({ rows, what }: Table, columns: readonly Column[], { inputs }: Treatment): Treated {
  const width = inputs.reduce((sum, column) => sum + widthOf(column), 0);
  if (width > MOST_INPUTS || rows * width > MOST_NUMBERS) {
    throw new InputError(
      `${what}: ${rows} rows would be ${width} numbers each: at most ${MOST_NUMBERS} in all are held in memory; leave out columns of many categories (--without)`,
    );
  }
  const alone = inputs.length === 1 && inputs[0].as === 'list' ? columns[0].cells : undefined;
  // Embeddings need no copy.
  if (alone?.kind === 'list' && alone.width === width)
    return { x: matrix(alone.values, rows, width), unknown: new Map() };
  const x = new Float64Array(rows * width);
  const unknown = new Map<string, number>();
  let at = 0;
  for (const [k, treated] of inputs.entries()) {
    const { cells } = columns[k];
    if (treated.as === 'category') {
      if (!isTexts(cells)) throw otherKind(what, columns[k], treated);
      const places = new Map(treated.categories.map((category, i) => [category, i]));
      const ofCode = cells.words.map((word) => places.get(word));
      let strange = 0;
      for (let i = 0; i < rows; i++) {
        const code = cells.codes[i];
        if (code === GAP) continue;
        const place = ofCode[code];
        if (place === undefined) strange++;
        else x[i * width + at + place] = 1;
      }
      if (strange > 0) unknown.set(nameOf(columns[k]), strange);
    } else if (treated.as === 'list') {
      if (cells.kind !== 'list' || cells.width !== treated.width) throw otherKind(what, columns[k], treated);
      const { values, width: n } = cells;
      for (let i = 0; i < rows; i++) for (let j = 0; j < n; j++) x[i * width + at + j] = values[i * n + j];
    } else {
      if (cells.kind !== 'number' && cells.kind !== 'boolean') throw otherKind(what, columns[k], treated);
      for (let i = 0; i < rows; i++) x[i * width + at] = cells.values[i];
    }
    at += widthOf(treated);
  }
  return { x: matrix(x, rows, width), unknown };
}

function otherKind(what: string, column: Column, treated: TreatedColumn): InputError {
  const { cells } = column;
  const held = cells.kind === 'list' ? `lists of ${cells.width}` : `${cells.kind}s`;
  const kind =
    treated.as === 'list' ? `lists of ${treated.width}` : treated.as === 'category' ? 'texts' : `${treated.as}s`;
  return new InputError(
    `${what}: the column ${show(nameOf(column))} holds ${held}, and the model was trained on ${kind} there: give a table of the same kind`,
  );
}
