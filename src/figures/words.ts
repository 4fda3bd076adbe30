/** What turns the direction of the text around it. */
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** On one line, and in one direction: a text of a file changes nothing beside it. */
export function clean(words: string): string {
  return words.replace(/\p{Cc}/gu, ' ').replace(TURNS, '');
}

/** At most `most` characters, on one line. */
export function shorten(words: string, most: number): string {
  const whole = clean(words);
  if (whole.length <= most) return whole;
  const kept = whole.slice(0, Math.max(0, most - 1)).replace(/[\ud800-\udbff]$/, '');
  return `${kept}…`;
}

/** At most `lines` lines of at most `most` characters, broken at spaces where there are any; the last one is shortened. */
export function wrap(words: string, most: number, lines: number): string[] {
  const out: string[] = [];
  let rest = clean(words);
  while (rest.length > most && out.length < lines - 1) {
    const space = rest.lastIndexOf(' ', most);
    const at = space > 0 ? space : most;
    out.push(rest.slice(0, at));
    rest = rest.slice(space > 0 ? at + 1 : at);
  }
  return [...out, shorten(rest, most)];
}
