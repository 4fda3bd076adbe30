import { InputError } from '../errors.ts';

/**
 * The cells of one line of CSV. A cell may stand in quotes, "" in it for one of them; a line break in quotes is refused,
 * for no number has one. Throws InputError above `limit` cells, and on quotes that do not begin and end a cell.
 * Every character is looked at once. [RFC 4180]
 */
export function splitCells(line: string, delimiter: string, limit: number, number: number): string[] {
  const cells: string[] = [];
  for (let at = 0; at <= line.length; ) {
    // One more tells the caller that the line is too long; the rest of it need not be cut up.
    if (cells.length === limit) return tooMany(cells, limit, number);
    if (line[at] === '"') {
      const end = quoteEnd(line, at, number);
      if (end < line.length && line[end] !== delimiter) {
        throw new InputError(
          `CSV file: line ${number}: text follows a closing quote: put whole cells in quotes, or none`,
        );
      }
      cells.push(line.slice(at + 1, end - 1).replaceAll('""', '"'));
      at = end + 1;
    } else {
      const next = line.indexOf(delimiter, at);
      const end = next < 0 ? line.length : next;
      cells.push(line.slice(at, end));
      at = end + 1;
    }
  }
  return cells;
}

/** Index just after the quote that closes the one at `begin`. */
function quoteEnd(line: string, begin: number, number: number): number {
  for (let at = begin + 1; ; at += 2) {
    at = line.indexOf('"', at);
    if (at < 0) throw new InputError(`CSV file: line ${number}: a quote is not closed on its line: close it`);
    if (line[at + 1] !== '"') return at + 1;
  }
}

function tooMany(cells: string[], limit: number, number: number): string[] {
  if (number === 1) throw new InputError(`CSV file: line 1 has more than ${limit} cells: at most ${limit} are allowed`);
  return [...cells, ''];
}
