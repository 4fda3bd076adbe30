import { type Markish, text } from './plot.ts';

/** Pixels from one line of a caption to the next. */
export const LINE = 17;

/** Words in lines of at most `most` characters; a longer word is cut into several. */
export function wrapped(words: string, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  const pieces = words
    .replace(/[\p{Cc}\p{Cs}]/gu, ' ')
    .split(/\s+/)
    .flatMap((word) => word.match(new RegExp(`.{1,${most}}`, 'gu')) ?? []);
  for (const piece of pieces) {
    if (line !== '' && line.length + 1 + piece.length > most) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? piece : ` ${piece}`;
  }
  return line === '' ? lines : [...lines, line];
}

/** Lines at the left, the first `dx` and `dy` pixels from the lower left corner of the frame. */
export function caption(lines: readonly string[], dx: number, dy: number): Markish[] {
  return lines.map((line, i) =>
    text([line], {
      frameAnchor: 'bottom-left',
      lineAnchor: 'middle',
      textAnchor: 'start',
      dx,
      dy: dy + i * LINE,
      fill: 'currentColor',
    }),
  );
}

/**
 * A figure that is drawn `width` wide, shown larger: its words are then readable on a phone, which shows it smaller, and it is no
 * stamp on a desk.
 */
export function enlarged(svg: string, factor: number): string {
  return svg.replace(/^<svg [^>]*>/, (tag) =>
    tag.replace(
      / (width|height)="([\d.]+)"/g,
      (_, name: string, size: string) => ` ${name}="${Math.round(Number(size) * factor)}"`,
    ),
  );
}
