/** Lines of a table; | would end a cell. */
export function tableLines(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)];
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

/** Side of a picture of pixels on the page. Curves keep the size that they were drawn in, for their text. */
const ALONE = 420;
const IN_A_ROW = 250;

/** A picture, or several that stand beside each other where there is room; the alternative text of each says what it shows. */
export function pictures(shown: readonly { readonly path: string; readonly alt: string }[]): string {
  const side = shown.length > 1 ? IN_A_ROW : ALONE;
  return shown
    .map(({ path, alt }) => {
      const width = path.endsWith('.png') ? ` width="${side}"` : '';
      return `<img src="./${path}"${width} alt="${attribute(alt)}">`;
    })
    .join('\n');
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
