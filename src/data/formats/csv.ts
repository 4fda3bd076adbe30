import { matrix } from '../../array/matrix.ts';
import { InputError, show } from '../../errors.ts';
import type { Examples } from '../examples.ts';
import { assertBytes } from './bytes.ts';
import { readLine } from './csv-cells.ts';
import { type ChosenColumns, type CsvOptions, chooseColumns } from './csv-columns.ts';
import { withComment } from './csv-comment.ts';
import { countsRows, isUnnamed, numbersRows, withoutFirst } from './csv-index.ts';
import { isNumberLike, valueAt } from './csv-numbers.ts';
import { LIMIT_COLUMNS, openCsv, unequalLines } from './csv-text.ts';

const keys = ['columns', 'match', 'decimal', 'delimiter', 'id', 'header', 'lines'];

/**
 * Numbers in UTF-8, separated by commas, semicolons, tabs or spaces, an example a line, as float64. A first line without any
 * number is taken as the columns' names, and so are 0, 1, 2, … and a comment (#) of as many words, unless `header` decides; a
 * first column that has no name and numbers the rows is left out unless `columns` are asked for; what was decided is in
 * `notes`. Blank lines are passed over. Throws InputError, naming line and column (counted from 1), at a cell that is read and is no finite
 * number, at a line with another number of cells than the first, above 2²⁰ columns, and where a column is asked for that is
 * not there. Lines are read one by one; memory: at most 16 times the file.
 */
export function csvExamples(bytes: Uint8Array, options: CsvOptions = {}): Examples {
  assertBytes(bytes);
  const decimal = decimalOf(options);
  const opened = openCsv(bytes, decimal, options.delimiter);
  const { text, delimiter } = opened;
  const first = readLine(text, opened.begin, delimiter, LIMIT_COLUMNS, 1);
  const width = first.cells.length;
  const notes: string[] = [];
  const chosen = withComment(opened, first.cells, options) ?? chooseColumns(first.cells, options, isNumberLike);
  const { header, id } = chosen;
  let { places } = chosen;
  if (chosen.note) notes.push(chosen.note);
  if (opened.comments.length > 0 && !chosen.isComment) notes.push(passedOver(opened.comments.length));
  const ids: string[] = [];
  const begun: number[] = [];
  let x = new Float64Array(header ? 0 : places.length);
  let m = 0;
  let begin = header ? first.end + 1 : opened.begin;
  let line = opened.number + (header ? first.lines : 0);
  while (begin < text.length) {
    const { cells, end, lines } = readLine(text, begin, delimiter, width, line);
    begin = end + 1;
    const isBlank = width > 1 && cells.length <= 1 && cells.join('').trim() === '';
    if (!isBlank) {
      if (cells.length !== width) throw unequalLines(line, cells.length, width, delimiter, opened.number);
      if (m === 0 && mayBeIndex(chosen, options) && !isNumberLike(cells[0].trim())) {
        notes.push(
          'its first column has no name and holds no numbers: it is left out (--id 1 names the examples by it)',
        );
        places = places.slice(1);
      }
      const d = places.length;
      if (d === 0) throw new InputError('CSV file: no column is left to read as numbers: give some beside the id');
      if (x.length < (m + 1) * d) x = grown(x, (m + 1) * d, Math.ceil((text.length + 1) / 2) * Math.ceil(d / width));
      for (let j = 0; j < d; j++) x[m * d + j] = valueAt(cells[places[j]], decimal, line, places[j] + 1);
      if (options.lines) begun.push(line);
      if (id !== undefined) ids.push(cells[id].trim().replace(/\s+/g, ' '));
      m++;
    }
    line += lines;
  }
  // One line alone names nothing.
  if (m === 0 && chosen.isCounted) return csvExamples(bytes, { ...options, header: false });
  if (m === 0) throw new InputError('CSV file: it holds no numbers: give one example a line');
  if (
    chosen.isCounted &&
    width === 2 &&
    x.subarray(0, m * places.length).every((value) => value === 0 || value === 1)
  ) {
    throw new InputError(
      'CSV file: its first line is 0 and 1, as all others are: say whether it names the columns (--header yes) or is an example (--header no)',
    );
  }
  const index = places.length > 1 && places[0] === 0 ? indexNote(x, m, places.length, chosen, options) : null;
  if (index !== null) notes.push(index.note);
  if (index?.leftOut) {
    withoutFirst(x, m, places.length);
    places = places.slice(1);
  }
  const d = places.length;
  const names = chosen.names?.slice(chosen.names.length - d);
  return {
    x: matrix(x.slice(0, m * d), m, d),
    unit: 1,
    ...(names === undefined ? {} : { columns: names }),
    positions: places.map((place) => place + 1),
    cells: width,
    ...(id === undefined ? {} : { ids }),
    ...(options.lines ? { lines: begun } : {}),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

const passedOver = (n: number) =>
  n === 1 ? 'a line that begins with # is passed over' : `${n} lines that begin with # are passed over`;

/** Whether the first column is read only because nobody said which are, and has no name. */
function mayBeIndex({ header, first, places }: ChosenColumns, { columns, match }: CsvOptions): boolean {
  return header && columns === undefined && match === undefined && places[0] === 0 && isUnnamed(first[0]);
}

/** What is to be said of a first column that numbers the rows: left out where nobody gave it a name. */
function indexNote(x: Float64Array, m: number, d: number, chosen: ChosenColumns, options: CsvOptions) {
  if (options.columns !== undefined || options.match !== undefined) return null;
  const left = 'it is left out (--columns reads it)';
  if (mayBeIndex(chosen, options) && numbersRows(x, m, d)) {
    return { leftOut: true, note: `its first column has no name and numbers the rows: ${left}` };
  }
  if (chosen.names === undefined && !chosen.header) {
    return countsRows(x, m, d) ? { leftOut: true, note: `its first column counts the rows from 0: ${left}` } : null;
  }
  return countsRows(x, m, d, true)
    ? {
        leftOut: false,
        note: `its first column, ${show(chosen.first[0])}, counts the rows, and is read: --columns leaves it out`,
      }
    : null;
}

function decimalOf(options: CsvOptions): '.' | ',' {
  if (typeof options !== 'object' || options === null) {
    throw new InputError(`options is ${show(options)}: it must be an object such as { columns: ['height', 'weight'] }`);
  }
  const stray = Object.keys(options).find((key) => !keys.includes(key));
  if (stray !== undefined) throw new InputError(`options.${stray} is not known: the keys here are ${keys.join(', ')}`);
  const { decimal = '.', header, lines } = options;
  for (const [name, value] of Object.entries({ header, lines })) {
    if (value === undefined || typeof value === 'boolean') continue;
    throw new InputError(`options.${name} is ${show(value)}: it must be true or false`);
  }
  if (decimal === '.' || decimal === ',') return decimal;
  throw new InputError(`options.decimal is ${show(decimal)}: it must be "." or ","`);
}

/** A copy with room for `needed` numbers and as many again, but not for more than a text can hold. */
function grown(x: Float64Array<ArrayBuffer>, needed: number, most: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(Math.max(needed, Math.min(2 * needed, most)));
  out.set(x);
  return out;
}
