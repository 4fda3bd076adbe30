import { GLYPHS } from './bitmap-font.ts';
import type { Picture } from './picture.ts';
import { shorten } from './words.ts';

/** Pixels of a character, and of a line. */
export const LETTER = { width: 6, height: 13, line: 16 } as const;
/** Shade of letters on white. */
const INK = 27;
/** Of what is said beside, and of the numbers of dead units. */
export const MUTED = 96;
/** For characters that the font lacks. */
const UNKNOWN = 0xfffd;
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** They are drawn over the character before. */
const COMBINING = /\p{Mn}/u;

/** How letters look. */
export interface Lettering {
  readonly shade?: number | undefined;
  readonly bold?: boolean | undefined;
}

/** The pixels that a text takes from left to right. */
export function lengthOf(words: string, { bold = false }: Lettering = {}): number {
  return [...words].filter((character) => !COMBINING.test(character)).length * (LETTER.width + (bold ? 1 : 0));
}

/** How many characters go into so many pixels. */
export function fitting(pixels: number, { bold = false }: Lettering = {}): number {
  return Math.max(1, Math.floor(pixels / (LETTER.width + (bold ? 1 : 0))));
}

/** Letters a text into a picture, its upper left corner at (left, top); what lies outside is not drawn. */
export function letter(
  picture: Picture,
  words: string,
  left: number,
  top: number,
  { shade = INK, bold = false }: Lettering = {},
): void {
  const advance = LETTER.width + (bold ? 1 : 0);
  let x = left - advance;
  for (const character of shorten(words, 1000)) {
    if (!COMBINING.test(character)) x += advance;
    const rows = GLYPHS[character.codePointAt(0) ?? UNKNOWN] ?? GLYPHS[UNKNOWN];
    for (let y = 0; y < LETTER.height; y++) {
      const bits = DIGITS.indexOf(rows[y]);
      for (let column = 0; column < LETTER.width; column++) {
        if (((bits >> (LETTER.width - 1 - column)) & 1) === 0) continue;
        dot(picture, x + column, top + y, shade);
        if (bold) dot(picture, x + column + 1, top + y, shade);
      }
    }
  }
}

function dot({ width, height, channels, data }: Picture, x: number, y: number, shade: number): void {
  if (x < 0 || y < 0 || x >= width || y >= height) return;
  data.fill(shade, (y * width + x) * channels, (y * width + x + 1) * channels);
}
