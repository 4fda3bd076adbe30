/** Markup that is known to be whole: made by `html` and by nothing else that a file gave. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: texts, which are escaped; markup; lists of both; nothing where it is null, undefined or false. */
export type Child = string | number | Markup | null | undefined | false | readonly Child[];

/**
 * A template of markup. Whatever text is put into it stays text, within elements and within quoted attributes; characters that turn
 * the direction of writing, control characters and halves of surrogate pairs are shown as \u and four digits.
 */
export function html(parts: TemplateStringsArray, ...children: readonly Child[]): Markup {
  return new Markup(parts.reduce((text, part, i) => text + written(children[i - 1]) + part));
}

function written(child: Child): string {
  if (child instanceof Markup) return child.text;
  if (child === null || child === undefined || child === false) return '';
  return typeof child === 'object' ? child.map(written).join('') : escaped(String(child));
}

const ACTING = /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text
    .replace(ACTING, (c) => (c === '\n' || c === '\t' ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`))
    .replace(/[&<>"']/g, (c) => ENTITIES[c]);
}

/** At most so many characters of a text from a file: what is longer ends in an ellipsis. */
export function cut(text: string, most = 200): string {
  const characters = [...text.slice(0, 2 * most + 2)];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
