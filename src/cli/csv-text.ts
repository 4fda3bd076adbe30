import { oneLine } from './printable.ts';

/** Characters of a piece: as much text as waits in memory. */
const PIECE = 2 ** 16;
/** What a spreadsheet takes for a formula or a command, in both widths that Asian keyboards write. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^\t/u;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * A cell of CSV: in quotes where it would otherwise end early. [RFC 4180] A text that a spreadsheet would run begins with
 * an apostrophe, as one types it there, and stands in quotes; numbers, in texts too, stay what they are. Control
 * characters but tabs are written out. [OWASP, "CSV injection"]
 */
export function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = value.split('\t').map(oneLine).join('\t');
  const runs = FORMULA.test(value) && !NUMBER.test(value);
  return runs || /[",;\t]/.test(text) ? `"${runs ? "'" : ''}${text.replaceAll('"', '""')}"` : text;
}

/** Lines as pieces of text of some 64 kB, so that a table of any length can be written. */
export function* pieces(lines: Iterable<string>): Generator<string> {
  let piece = '';
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
