import { fitting, LETTER, type Lettering, letter, MUTED } from './lettering.ts';
import type { Picture } from './picture.ts';
import { wrap } from './words.ts';

/** White pixels at the sides of a picture with words. */
export const SIDE = 12;
const TOP = 10;
const BELOW = 8;

/** Lines of a heading: the title, then what is said below it. */
export type Heading = readonly (Lettering & { readonly words: string })[];

/** A title and notes on as many lines as the width asks for. */
export function headingLines(title: string, notes: readonly string[], width: number): Heading {
  const usable = width - 2 * SIDE;
  const bold = { bold: true };
  return [
    ...wrap(title, fitting(usable, bold), 2).map((words) => ({ words, ...bold })),
    ...notes.flatMap((note) => wrap(note, fitting(usable), 4)).map((words) => ({ words, shade: MUTED })),
  ];
}

/** Pixels from the top to what follows. */
export function heightOf(heading: Heading): number {
  return TOP + heading.length * LETTER.line + BELOW;
}

/** Letters a heading at the top of a picture. */
export function drawHeading(picture: Picture, heading: Heading): void {
  heading.forEach(({ words, ...lettering }, i) => {
    letter(picture, words, SIDE, TOP + i * LETTER.line, lettering);
  });
}
