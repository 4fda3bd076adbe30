import { InputError, show } from '../../errors.ts';
import { didYouMean } from './closest.ts';
import { isCountedHeader } from './csv-index.ts';

/** A column of a CSV file: its name in the header, or its position, counted from 1. */
export type ColumnName = string | number;

/** What of a CSV file is read, and how. */
export interface CsvOptions {
  /** The columns to read, in this order; the others may hold text. Default all. */
  readonly columns?: readonly ColumnName[] | undefined;
  /**
   * Names that a model was trained on: where the file has a header, these columns are read, in this order, whatever
   * else it holds; a file without a header is read as `columns` says.
   */
  readonly match?: readonly string[] | undefined;
  /** The decimal mark. With ',' cells are separated by semicolons, tabs or spaces. Default '.'. */
  readonly decimal?: '.' | ',' | undefined;
  /** What separates the cells, one character. Default: told by the first lines. */
  readonly delimiter?: string | undefined;
  /** A column whose cells name the examples: they come back as `ids`. It is not read as numbers unless `columns` has it. */
  readonly id?: ColumnName | undefined;
  /** Whether the first line names the columns. Default: it does where it holds words, or 0, 1, 2, …. */
  readonly header?: boolean | undefined;
  /** Whether `lines` says on which line of the file each example begins. Default false. */
  readonly lines?: boolean | undefined;
}

/** Which cells of a line are read. */
export interface ChosenColumns {
  /** Whether the first line names columns. */
  readonly header: boolean;
  /** Places of the cells that are read, from 0, in order. */
  readonly places: readonly number[];
  /** Their names; absent without a header, and where it has one of them twice. */
  readonly names?: readonly string[] | undefined;
  /** Place of the cell that names the example. */
  readonly id?: number | undefined;
  /** The cells of the first line. */
  readonly first: readonly string[];
  /** The names are 0, 1, 2, …, which might be an example. */
  readonly isCounted?: boolean | undefined;
  /** They stand in a comment, not in the first line. */
  readonly isComment?: boolean | undefined;
  /** What was decided, for the user. */
  readonly note?: string | undefined;
}

const LIMIT_NAMES = 12;

/** @throws InputError where a column is asked for that the first line does not have, or has twice. */
export function chooseColumns(
  firstLine: readonly string[],
  options: CsvOptions,
  isNumber: (cell: string) => boolean,
): ChosenColumns {
  assertNames(options);
  const { columns, match, id } = options;
  const first = firstLine.map((cell) => cell.trim());
  const table = new NamedPlaces(first);
  const placeOf = (one: ColumnName) => (typeof one === 'number' ? placeAt(one, first.length) : table.placeOf(one));
  const named = [...(columns ?? []), id].filter((one) => typeof one === 'string');
  const told =
    named.some((name) => table.has(name)) ||
    match?.every((name) => table.has(name)) ||
    isHeader(named.length > 0 || match !== undefined ? first : readCells(first, columns, id), isNumber);
  const isCounted = options.header === undefined && !told && isCountedHeader(first);
  const header = options.header ?? (told || isCounted);
  if (!header && named.length > 0) {
    throw new InputError(
      `CSV file: its first line names no columns, so there is no ${show(named[0])}: choose columns by position, counted from 1`,
    );
  }
  const own = id === undefined ? undefined : placeOf(id);
  const places =
    header && match !== undefined
      ? match.map((name) => table.placeOf(name, ', which the model was trained on'))
      : (columns?.map(placeOf) ?? [...first.keys()].filter((place) => place !== own));
  return {
    header,
    places,
    first,
    ...(isCounted
      ? {
          isCounted,
          note: `its first line, ${shortened(first)}, names the columns: --header no makes an example of it`,
        }
      : {}),
    ...(header && places.every((place) => table.isOnly(first[place]))
      ? { names: places.map((place) => first[place]) }
      : {}),
    ...(own === undefined ? {} : { id: own }),
  };
}

/** For callers without types. */
function assertNames({ columns, match, id }: CsvOptions): void {
  const isText = (one: unknown) => typeof one === 'string';
  const isName = (one: unknown) => isText(one) || typeof one === 'number';
  const isList = (list: unknown, is: (one: unknown) => boolean) =>
    list === undefined || (Array.isArray(list) && list.length > 0 && list.every(is));
  const [option, given, allowed] = !isList(columns, isName)
    ? ['columns', columns, 'a list of names, or of positions counted from 1']
    : !isList(match, isText)
      ? ['match', match, 'a list of names']
      : ['id', id, 'a name, or a position counted from 1'];
  if (option === 'id' && (id === undefined || isName(id))) return;
  throw new InputError(`options.${option} is ${show(given)}: it must be ${allowed}`);
}

/** Those of the first line's cells that are told by position: numbers in columns that are not read say nothing of it. */
function readCells(first: readonly string[], columns: CsvOptions['columns'], id: CsvOptions['id']): readonly string[] {
  if (columns === undefined) return first.filter((_, place) => place + 1 !== id);
  const cells = columns.map((one) => first[placeAt(Number(one), first.length)]);
  return cells.some((cell) => cell !== '') ? cells : first; // an index has no name
}

/** Whether a first line names columns: it holds words, and no number. */
function isHeader(cells: readonly string[], isNumber: (cell: string) => boolean): boolean {
  const filled = cells.filter((cell) => cell !== '');
  return filled.length > 0 && !filled.some(isNumber);
}

/** The beginning of a line. */
function shortened(cells: readonly string[]): string {
  return cells.length > 4 ? `${cells.slice(0, 3).join(',')},…` : cells.join(',');
}

function placeAt(position: number, count: number): number {
  if (Number.isSafeInteger(position) && position >= 1 && position <= count) return position - 1;
  throw new InputError(`CSV file: column ${show(position)} is asked for: its columns are 1 to ${count}`);
}

/** The names of a header, and where each of them stands. */
class NamedPlaces {
  private readonly places = new Map<string, number>();
  private readonly twice = new Set<string>();
  private readonly first: readonly string[];

  constructor(first: readonly string[]) {
    this.first = first;
    first.forEach((name, place) => {
      if (this.places.has(name)) this.twice.add(name);
      else this.places.set(name, place);
    });
  }

  has(name: string): boolean {
    return this.places.has(name);
  }

  /** Whether it stands there once. */
  isOnly(name: string): boolean {
    return this.places.has(name) && !this.twice.has(name);
  }

  placeOf(name: string, why = ''): number {
    const place = this.places.get(name);
    if (place === undefined) {
      const known = this.first.slice(0, LIMIT_NAMES);
      const more = this.first.length > LIMIT_NAMES ? ', …' : '';
      throw new InputError(
        `CSV file: it has no column ${show(name)}${why}${didYouMean(name, known)}: its first line names ${known.map(show).join(', ')}${more}`,
      );
    }
    if (this.isOnly(name)) return place;
    throw new InputError(`CSV file: two columns are named ${show(name)}: choose columns by position, counted from 1`);
  }
}
