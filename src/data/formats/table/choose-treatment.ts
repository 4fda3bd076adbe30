import { InputError, show } from '../../../errors.ts';
import { isUnnamed } from '../csv-index.ts';
import { type Column, GAP, gapsIn, isTexts, type ListCells, nameOf, type Table, type TextCells } from './table.ts';
import {
  type LeftOutColumn,
  LONGEST_CATEGORY,
  MOST_CATEGORIES,
  type TreatedColumn,
  type Treatment,
} from './treatment.ts';
import type { WantedColumns } from './wanted-columns.ts';

/** What was chosen; the id may be a column that nobody asked for as such. */
export interface ChosenTreatment {
  readonly treatment: Treatment;
  readonly id?: Column | undefined;
}

const idName = /^(id|uuid|guid|index|key)$|[_ -](id|uuid|guid)$|[a-z]I[dD]$|^id[_ -]/i;

/** Whether a column of whole numbers under this name may name the examples. */
export function hasIdName(name: string): boolean {
  return idName.test(name);
}

/** Rows from which on a column that counts them is no accident. */
const FEWEST = 3;
const ROW = 'the number of the row';

/** Tables this small may have all but as many categories as rows. */
const FEW_ROWS = 20;

/**
 * What becomes of each column: numbers and lists as they are, booleans 0 or 1, texts of few kinds one place a category. A text that
 * is another one in every row names the examples, and so do whole numbers under a name such as id, pump_id; other texts and
 * empty columns are left out. Of columns that were asked for nothing is left out.
 * @throws InputError at a date, naming the column; at a text that was asked for and is no category.
 */
export function chooseTreatment(table: Table, wanted: WantedColumns): ChosenTreatment {
  const byPlace = new Map(table.columns.map((column) => [column.position - 1, column]));
  const columnAt = (place: number) => byPlace.get(place) as Column;
  let id = wanted.id === undefined ? undefined : columnAt(wanted.id);
  const isNamed = table.columns.some(({ name }) => name !== undefined);
  const inputs: TreatedColumn[] = [];
  const leftOut: LeftOutColumn[] = [];
  for (const place of wanted.inputs) {
    const column = columnAt(place);
    const { name, position, cells } = column;
    const found = { ...(name === undefined ? {} : { name }), position };
    if (cells.kind === 'date') refuseDate(table.what, column);
    if (cells.kind === 'list') inputs.push(listed(found, cells));
    else if (!isTexts(cells)) {
      const why = wanted.asked ? null : whyNoInput(column, table.rows, isNamed);
      if (why === null) inputs.push({ ...found, as: cells.kind });
      else if (why === 'names' && id === undefined) id = column;
      else leftOut.push({ name: nameOf(column), why: why === 'names' ? 'another number in every row' : why });
    } else {
      const why = whyNoCategory(cells, table.rows);
      if (why === null) inputs.push({ ...found, as: 'category', categories: sorted(cells.words) });
      else if (wanted.asked) throw noCategory(table.what, column, why);
      else if (why === EVERY && id === undefined) id = column;
      else leftOut.push({ name: nameOf(column), why });
    }
  }
  if (inputs.length === 0) {
    throw new InputError(
      `${table.what}: no column is left to be an input: ${leftOut.map(({ name, why }) => `${show(name)} is ${why}`).join(', ') || 'give some beside the id'}`,
    );
  }
  return {
    treatment: {
      inputs,
      ...(id === undefined ? {} : { id: id.name ?? id.position }),
      ...(leftOut.length === 0 ? {} : { leftOut }),
    },
    ...(id === undefined ? {} : { id }),
  };
}

function listed(found: Pick<TreatedColumn, 'name' | 'position'>, { width, from }: ListCells): TreatedColumn {
  return { ...found, as: 'list', width, ...(from === undefined ? {} : { from }) };
}

const EVERY = 'another text in every row';

/** Why a column of numbers is no input unless it is asked for: "names" where it names the rows. */
function whyNoInput({ name, position, cells }: Column, rows: number, isNamed: boolean): string | null {
  if (cells.kind !== 'number') return null;
  if (gapsIn(cells) === rows) return 'empty';
  const isFirst = position === 1 && name === undefined;
  // Where no column has a name, only what counts the rows is an index.
  if (isFirst && !isNamed) return rows >= FEWEST && cells.values.every((value, i) => value === i) ? ROW : null;
  if (!isFirst && !(name !== undefined && hasIdName(name) && !isUnnamed(name))) return null;
  const ordered = cells.values.slice().sort();
  const differs = ordered.every(
    (value, i) => Number.isInteger(value) && value >= 0 && (i === 0 || value !== ordered[i - 1]),
  );
  if (!differs || rows < 2) return null;
  return isFirst ? ROW : 'names';
}

/** Why a text is no category; null where it is one. */
function whyNoCategory({ codes, words }: TextCells, rows: number): string | null {
  let filled = 0;
  for (const code of codes) filled += Number(code !== GAP);
  if (filled === 0) return 'empty';
  if (words.length === filled && filled === rows && rows > 1) return EVERY;
  if (words.length > MOST_CATEGORIES || (rows >= FEW_ROWS && 2 * words.length > filled)) {
    return `${words.length.toLocaleString('en-US')} different texts`;
  }
  return words.some((word) => word.length > LONGEST_CATEGORY) ? 'long texts' : null;
}

/** In an order that does not depend on the machine. */
function sorted(words: readonly string[]): string[] {
  return [...words].sort((a, b) => (a < b ? -1 : Number(a > b)));
}

function noCategory(what: string, column: Column, why: string): InputError {
  return new InputError(
    `${what}: the column ${show(nameOf(column))} holds ${why}: a column is an input where it holds numbers, or texts of at most ${MOST_CATEGORIES} kinds; leave it out`,
  );
}

function refuseDate(what: string, column: Column): void {
  const { cells } = column;
  const example = cells.kind === 'date' ? show(cells.words[0]) : '';
  const name = nameOf(column);
  const flag = /^[\w.-]+$/.test(name) ? name : JSON.stringify(name);
  throw new InputError(
    `${what}: the column ${show(name)} holds dates (${example}), and a model takes numbers: leave it out (--without ${column.name === undefined ? column.position : flag}), or write numbers in their place, such as the hour of the day`,
  );
}
