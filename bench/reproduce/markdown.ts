/** Lines of a table; | would end a cell, and narrow columns would tear ± and units from their numbers. */
export function tableLines(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => together(cell.replaceAll('|', '\\|'))).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)];
}

/** 1.65 ± 0.05%, ≤ 10 min, 1 min 46 s: each in one piece. */
function together(text: string): string {
  return text.replaceAll(
    /(?<=[±≤≥]) | (?=±)|(?<=\d) (?=(?:s|min|h)\b)|(?<=\b(?:min|h)) (?=\d+ (?:s|min)\b)/g,
    '\u00a0',
  );
}

/** What stands where there is nothing to say. */
export const NOTHING = '–';

/** Without the columns in which nothing stands. */
export function withoutEmpty(head: readonly string[], rows: readonly (readonly string[])[]): [string[], string[][]] {
  const keep = (_: string, j: number) => rows.some((cells) => cells[j] !== NOTHING);
  return [head.filter(keep), rows.map((cells) => cells.filter(keep))];
}

/** Lines that a reader unfolds, on GitHub and on the site alike: Markdown begins again after an empty line. */
export function fold(summary: string, lines: readonly string[]): string[] {
  const text = summary.replaceAll('`', '').replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return ['<details>', `<summary>${text}</summary>`, '', ...lines, '', '</details>', ''];
}

/** Side of a picture of pixels that stands alone. Curves keep the size that they were drawn in, for their text. */
const SIDE = 420;

/** A picture for a page: where it lies from there, and a sentence that says what it shows. */
export interface Shown {
  readonly path: string;
  readonly text: string;
}

/**
 * A picture, or several beside each other, two in a line where there are four: each over its sentence, in a table, since GitHub
 * keeps no other layout. The site shrinks them to the width of a phone; curves, whose text that would spoil, stand below each
 * other.
 */
export function pictureLines(shown: readonly Shown[]): string[] {
  if (shown.length === 1) return [image(shown[0], SIDE)];
  if (shown.some(({ path }) => !path.endsWith('.png')))
    return shown.flatMap((one, i) => [...(i > 0 ? [''] : []), image(one, SIDE), '', italic(`${one.text}.`)]);
  const columns = shown.length === 4 ? 2 : Math.min(shown.length, 3);
  const lines: string[][] = [];
  for (let i = 0; i < shown.length; i += columns) {
    const some = shown.slice(i, i + columns);
    const fill = Array<string>(columns - some.length).fill('');
    lines.push(
      [...some.map((one) => image(one, Math.floor(600 / columns))), ...fill],
      [...some.map(({ text }) => text), ...fill],
    );
  }
  return tableLines(lines[0], lines.slice(1));
}

function image({ path, text }: Shown, side: number): string {
  const width = path.endsWith('.png') || side !== SIDE ? ` width="${side}"` : '';
  return `<img src="./${path}"${width} alt="${attribute(text)}">`;
}

/** A caption in italics: what would be Markdown in it is not. */
export function italic(text: string): string {
  return `*${text.replaceAll(/[*_<]/g, '\\$&')}*`;
}

/** As GitHub makes the anchor of a heading. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
