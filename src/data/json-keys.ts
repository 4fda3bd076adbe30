/** Index just after the string literal that begins with the quote at `begin`. */
function stringEnd(text: string, begin: number): number {
  let i = begin + 1;
  while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i + 1;
}

/**
 * The first key that stands twice in one object of a JSON text, or undefined: JSON.parse would silently keep the last.
 * `text` must be valid JSON.
 */
export function duplicateKey(text: string): string | undefined {
  const open: Set<string>[] = []; // one per object or list that we are in; a list's stays empty
  let last = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      const end = stringEnd(text, i);
      last = text.slice(i, end);
      i = end - 1;
    } else if (c === '{' || c === '[') open.push(new Set());
    else if (c === '}' || c === ']') open.pop();
    else if (c === ':') {
      const key = JSON.parse(last) as string; // escapes undone, so "a" and "\u0061" are one key
      const keys = open[open.length - 1];
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}
