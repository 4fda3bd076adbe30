import { InputError, show } from '../../errors.ts';

const LIMIT_DEPTH = 64;
const LIMIT_PARTS = 2 ** 19; // objects and lists: what JSON.parse spends time and memory on
// Keys that reach an object's prototype where it is copied carelessly; no file of ours has a use for them.
const forbidden = ['__proto__', 'constructor', 'prototype'];

/** Index just after the string literal that begins with the quote at `begin`, or past the end where it is open. */
function stringEnd(text: string, begin: number): number {
  let i = begin + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i + 1;
}

/** A key as it is meant: escapes undone, so that "a" and "\u0061" are one key. Malformed ones are left to JSON.parse. */
function unescaped(literal: string): string {
  try {
    return literal.includes('\\') ? JSON.parse(literal) : literal.slice(1, -1);
  } catch {
    return literal;
  }
}

/** What JSON.parse would let pass, or spend memory on. The text need not be JSON. */
function fault(text: string, mostParts: number): string | undefined {
  const open: (Set<string> | undefined)[] = []; // the keys of each object or list that we are in, once there are any
  let last = '';
  let parts = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      const end = stringEnd(text, i);
      last = text.slice(i, end);
      i = end - 1;
    } else if (c === '{' || c === '[') {
      if (++parts > mostParts) return `has more than ${mostParts} objects and lists`;
      if (open.push(undefined) > LIMIT_DEPTH) return `is nested more than ${LIMIT_DEPTH} deep`;
    } else if (c === '}' || c === ']') open.pop();
    else if (c === ':') {
      const key = unescaped(last);
      if (forbidden.includes(key)) return `holds the key ${show(key)}, which is not allowed`;
      const keys = open[open.length - 1] ?? new Set();
      if (keys.has(key)) return `holds the key ${show(key)} twice`;
      keys.add(key);
      if (open.length > 0) open[open.length - 1] = keys;
    }
  }
  return undefined;
}

/**
 * What a JSON text from a file holds. Throws InputError, beginning with `what`, on text that is not JSON, on a key that
 * stands twice in an object (JSON.parse would keep the last), on the keys __proto__, constructor and prototype, on more
 * than 64 objects and lists within one another, and on more than 2¹⁹ in all, or `mostParts`. Memory: at most 32 times the text.
 */
export function parseJson(text: string, what: string, mostParts = LIMIT_PARTS): unknown {
  const found = fault(text, mostParts);
  if (found !== undefined) throw new InputError(`${what} ${found}: it is damaged, or not meant for this program`);
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    throw new InputError(`${what} is not JSON: ${message.charAt(0).toLowerCase()}${message.slice(1)}; it is damaged`);
  }
}
