/**
 * What a terminal acts on, or shows as something else than it is: control characters, marks that turn the direction of
 * writing, line separators, surrogates without their half.
 */
const ACTING = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * A text as it may go to a terminal, whatever file it came from: each such character as \u and four digits, which leaves
 * JSON the same value. Line ends and tabs stay.
 */
export function printable(text: string): string {
  return text.replace(ACTING, (c) => (c === '\n' || c === '\t' ? c : escaped(c)));
}

/** As `printable`, for a text that must not make lines of its own. */
export function oneLine(text: string): string {
  return text.replace(ACTING, escaped);
}

function escaped(c: string): string {
  return `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
