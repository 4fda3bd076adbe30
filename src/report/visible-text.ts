/** What turns the direction of writing, makes lines of its own, or is seen by nobody; halves of surrogate pairs. */
const ACTING = /[\p{Cc}\p{Cs}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;
const MOST = 200;

/** A text of a file as a page may show it: such characters as \u and four digits, and no more than `most` of all. */
export function visibleText(text: string, most = MOST): string {
  const whole = text.slice(0, 2 * most).replace(ACTING, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const letters = [...whole];
  return letters.length > most || text.length > 2 * most ? `${letters.slice(0, most - 1).join('')}…` : whole;
}
