import { InputError } from '../../errors.ts';

/** A line of CSV, which goes over several lines of the text where a cell in quotes does. */
export interface Line {
  readonly cells: string[];
  /** Index just after its last character. */
  readonly end: number;
  /** How many lines of the text it takes. */
  readonly lines: number;
}

/**
 * The cells of the line of `text` that begins at `begin`, line `number` of the file. A cell may stand in quotes, "" in it
 * for one of them, line breaks as they are. Where the delimiter is a space, cells stand apart by any spaces and tabs, as in
 * columns that are aligned. Throws InputError above `limit` cells, and on quotes that do not begin and end a cell.
 * Every character is looked at a few times at most. [RFC 4180]
 */
export function readLine(text: string, begin: number, delimiter: string, limit: number, number: number): Line {
  const aligned = delimiter === ' ';
  const cells: string[] = [];
  let end = lineEnd(text, begin);
  let line = text.slice(begin, end);
  let lines = 1;
  let at = aligned ? pastBlanks(line, 0) : 0;
  while (at <= line.length && !(aligned && at === line.length)) {
    // One more tells the caller that the line is too long; the rest of it need not be cut up.
    if (cells.length === limit) return { cells: tooMany(cells, limit, number), end, lines };
    let next: number;
    if (line[at] === '"') {
      next = quoteEnd(line, at);
      if (next < 0) {
        next = quoteEnd(text, begin + at) - begin;
        if (next < 0) throw new InputError(`CSV file: line ${number}: a quote is opened and never closed: close it`);
        end = lineEnd(text, begin + next);
        line = text.slice(begin, end);
      }
      if (next < line.length && !(aligned ? ' \t' : delimiter).includes(line[next])) {
        throw new InputError(
          `CSV file: line ${number}: text follows a closing quote: put whole cells in quotes, or none`,
        );
      }
      const cell = line.slice(at + 1, next - 1).replaceAll('""', '"');
      for (let i = cell.indexOf('\n'); i >= 0; i = cell.indexOf('\n', i + 1)) lines++;
      cells.push(cell);
    } else {
      next = aligned ? blankAt(line, at) : line.indexOf(delimiter, at);
      if (next < 0) next = line.length;
      cells.push(line.slice(at, next));
    }
    at = aligned ? pastBlanks(line, next) : next + 1;
  }
  return { cells, end, lines };
}

/** Index of the line break that ends the line, or of the end of the text. */
export function lineEnd(text: string, begin: number): number {
  const end = text.indexOf('\n', begin);
  return end < 0 ? text.length : end;
}

function pastBlanks(line: string, at: number): number {
  while (line[at] === ' ' || line[at] === '\t') at++;
  return at;
}

function blankAt(line: string, at: number): number {
  while (at < line.length && line[at] !== ' ' && line[at] !== '\t') at++;
  return at;
}

/** Index just after the quote that closes the one at `begin`; −1 where none does. */
function quoteEnd(text: string, begin: number): number {
  for (let at = begin + 1; ; at += 2) {
    at = text.indexOf('"', at);
    if (at < 0) return -1;
    if (text[at + 1] !== '"') return at + 1;
  }
}

function tooMany(cells: string[], limit: number, number: number): string[] {
  if (number === 1) throw new InputError(`CSV file: line 1 has more than ${limit} cells: at most ${limit} are allowed`);
  return [...cells, ''];
}
