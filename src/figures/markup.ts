/** What no XML file may hold, even escaped: control characters, halves of surrogate pairs, U+FFFE and U+FFFF. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text as XML holds it. */
export function escaped(words: string): string {
  return withoutForbidden(words).replace(/[&<>"]/g, (character) => ESCAPED[character]);
}

/** With a space in the place of what XML forbids. */
export function withoutForbidden(words: string): string {
  return words.replace(FORBIDDEN, ' ');
}

/** An element around markup; attributes are escaped, undefined ones left out. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  inner = '',
): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) =>
        ` ${key}="${escaped(typeof value === 'number' ? String(Number(value.toFixed(2))) : String(value))}"`,
    );
  return `<${name}${written.join('')}>${inner}</${name}>`;
}
