import { InputError, show } from '../../errors.ts';
import { lineEnd, readLine } from './csv-cells.ts';

const delimiters = [',', ';', '\t', ' '];
export const LIMIT_COLUMNS = 2 ** 20;
/** Lines whose cells are counted to find the delimiter. */
const LOOKED_AT = 3;

/** What a table's text is, before its numbers are read. */
export interface CsvText {
  readonly text: string;
  readonly delimiter: string;
  /** Where the first line that is no comment begins, and its number in the file. */
  readonly begin: number;
  readonly number: number;
  /** Lines before it that begin with #. */
  readonly comments: readonly string[];
}

/**
 * The text without a byte order mark, its lines ended by \n, none of them blank at the end; how its cells are separated; and
 * what stands before them: "sep=;" of Excel, comments that begin with #, blank lines.
 */
export function openCsv(bytes: Uint8Array, decimal: '.' | ',', delimiter?: string): CsvText {
  assertDelimiter(delimiter, decimal);
  const text = decode(bytes);
  let begin = 0;
  let number = 1;
  const comments: string[] = [];
  const [, said] = /^sep=([^\n"\d])[ ]*(?:\n|$)/i.exec(text.slice(0, 10)) ?? [];
  for (; begin < text.length; number++) {
    const end = lineEnd(text, begin);
    const line = text.slice(begin, end);
    if (line.startsWith('#')) comments.push(line);
    else if (line.trim() !== '' && !(number === 1 && said !== undefined)) break;
    begin = end + 1;
  }
  if (begin >= text.length) throw new InputError('CSV file: it holds no numbers: give one example a line');
  const possible = decimal === ',' ? delimiters.slice(1) : delimiters;
  return { text, delimiter: delimiter ?? said ?? delimiterOf(text, begin, possible), begin, number, comments };
}

/** For callers: a mark that stands in numbers cannot separate them. */
function assertDelimiter(delimiter: string | undefined, decimal: string): void {
  if (delimiter === undefined) return;
  if (typeof delimiter === 'string' && /^[^\w."+\n\r-]$/.test(delimiter) && delimiter !== decimal) return;
  throw new InputError(
    `options.delimiter is ${show(delimiter)}: it must be one character that stands in no number, such as ";"`,
  );
}

function decode(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
    let end = lines.length;
    while (lines[end - 1] === '\n') end--;
    return lines.slice(0, end);
  } catch {
    throw new InputError('CSV file: it is not UTF-8 text: save it as UTF-8, or split it if it is larger than 500 MB');
  }
}

/** The first that cuts the first lines into as many cells each; else the first that stands in the first line. */
function delimiterOf(text: string, begin: number, possible: readonly string[]): string {
  const first = text.slice(begin, lineEnd(text, begin)).trim();
  const standing = possible.filter((delimiter) => first.includes(delimiter));
  if (standing.length === 1) return standing[0];
  return standing.find((delimiter) => isEven(text, begin, delimiter)) ?? standing[0] ?? possible[0];
}

function isEven(text: string, begin: number, delimiter: string): boolean {
  try {
    let width = 0;
    for (let at = begin, seen = 0; at < text.length && seen < LOOKED_AT; ) {
      const { cells, end } = readLine(text, at, delimiter, LIMIT_COLUMNS, 2);
      at = end + 1;
      if (cells.length <= 1 && cells.join('').trim() === '') continue;
      if (width > 0 && cells.length !== width) return false;
      width = cells.length;
      seen++;
    }
    return width > 1;
  } catch {
    return false;
  }
}

/** The error of a line with another number of cells than the first. */
export function unequalLines(line: number, count: number, width: number, delimiter: string, first: number): InputError {
  const given = count > width ? `more than ${width}` : count;
  // Commas as decimal marks cut cells in two.
  const hint = delimiter === ',' ? '; if commas are decimal marks, say so (--decimal , or decimal: ",")' : '';
  return new InputError(
    `CSV file: line ${line} has ${given} cells, line ${first} has ${width}: all lines must be equally long${hint}`,
  );
}
