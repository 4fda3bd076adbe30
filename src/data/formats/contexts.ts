import { InputError, show } from '../../errors.ts';
import { parseJson } from './json.ts';

/** Where a row of activations comes from; every part may be left out. */
export interface RowContext {
  /** The words around the row's token. */
  readonly text?: string | undefined;
  /** Where in `text` its token begins, in UTF-16 code units as JavaScript counts them. */
  readonly position?: number | undefined;
  /** How many units of `text` the token takes. Default 1. */
  readonly length?: number | undefined;
  /** The document, by a name or a number. */
  readonly document?: string | number | undefined;
  /** The token, by its text or its number. */
  readonly token?: string | number | undefined;
}

/** A context with what stands before and after its token. */
export interface ShownContext {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
}

const BEFORE = 60;
const MARKED = 40;
const AFTER = 30;

/** @throws InputError, beginning with `what`, unless it is a context. */
export function assertContext(context: unknown, what: string): asserts context is RowContext {
  if (typeof context !== 'object' || context === null || Array.isArray(context)) {
    throw new InputError(`${what} is ${show(context)}: it must be an object such as { text, position }`);
  }
  const { text, position, length, document, token } = context as Readonly<Record<string, unknown>>;
  const refuse = (name: string, given: unknown, allowed: string) => {
    throw new InputError(`${what}: its ${name} is ${show(given)}: it must be ${allowed}`);
  };
  if (text !== undefined && typeof text !== 'string') refuse('text', text, 'a text');
  const units = typeof text === 'string' ? text.length : 0;
  const isCount = (value: unknown, most: number) =>
    Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= most;
  if (position !== undefined && !isCount(position, units)) {
    refuse('position', position, `a whole number from 0 to ${units}, where in its text the token begins`);
  }
  const left = units - Number(position ?? 0);
  if (length !== undefined && !isCount(length, left)) {
    refuse('length', length, `a whole number from 0 to ${left}, how much of its text the token takes`);
  }
  for (const [name, value] of Object.entries({ document, token })) {
    if (value !== undefined && typeof value !== 'string' && !Number.isFinite(value)) {
      refuse(name, value, 'a text or a finite number');
    }
  }
}

/** A context from a line of JSON; other keys of it are passed over. @throws InputError, beginning with `what`. */
export function parseContext(line: string, what: string): RowContext {
  const context = parseJson(line, what);
  assertContext(context, what);
  const { text, position, length, document, token } = context;
  return { text, position, length, document, token };
}

/** A line for each context; `{}` where there is none. */
export function contextLine(context: RowContext = {}): string {
  const { text, position, length, document, token } = context;
  return `${JSON.stringify({ text, position, length, document, token })}\n`;
}

/** The context with no more of its text than is shown, "…" where it goes on: 60 units before the token, 40 of it, 30 after it. */
export function cutContext(context: RowContext): RowContext {
  const { text, position, length = 1 } = context;
  if (text === undefined) return context;
  const at = position === undefined ? Math.min(BEFORE, text.length) : whole(text, position);
  const to = whole(text, Math.min(text.length, at + Math.min(position === undefined ? MARKED : length, MARKED)));
  const begin = whole(text, Math.max(0, at - BEFORE));
  const end = whole(text, Math.min(text.length, to + AFTER));
  const first = begin > 0 ? '…' : '';
  const kept = { ...context, text: `${first}${text.slice(begin, end)}${end < text.length ? '…' : ''}` };
  return position === undefined ? kept : { ...kept, position: at - begin + first.length, length: to - at };
}

/** What is shown of a context; null of one without a text and a token. */
export function shownContext(context: RowContext): ShownContext | null {
  const { text = '', position, length = 0 } = cutContext(context);
  if (context.text === undefined) {
    return context.token === undefined ? null : { before: '', marked: String(context.token), after: '' };
  }
  if (position === undefined) return { before: text, marked: '', after: '' };
  const end = position + length;
  return { before: text.slice(0, position), marked: text.slice(position, end), after: text.slice(end) };
}

/** The index itself, or one further where it would part a character of two units. */
function whole(text: string, at: number): number {
  return /^[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(at - 1, at + 1)) ? at + 1 : at;
}
