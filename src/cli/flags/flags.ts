import { InvalidArgumentError } from 'commander';

// Parsers of flag values: the ranges themselves are checked with the config, in one place.

/** A number, such as 0.01 or 1e-4. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

/** A whole number from 0. */
export function whole(text: string): number {
  const value = number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number, from 0.');
  return value;
}

/** A whole number from 1. */
export function count(text: string): number {
  const value = whole(text);
  if (value < 1) throw new InvalidArgumentError('It must be a whole number, at least 1.');
  return value;
}

/** A port to listen on. */
export function portNumber(text: string): number {
  const value = whole(text);
  if (value < 1 || value > 65_535) throw new InvalidArgumentError('It must be a port, from 1 to 65535.');
  return value;
}

/** One size, or several joined by commas. */
export function sizes(text: string): number | number[] {
  const list = text.split(',').map(whole);
  return list.length === 1 ? list[0] : list;
}

/** Words joined by commas. */
export function words(text: string): string[] {
  return text.split(',').filter((word) => word !== '');
}

/** A column of a table: its name, or its position counted from 1. */
export function column(text: string): string | number {
  return /^\d{1,7}$/.test(text) ? Number(text) : text;
}

/** Columns joined by commas; 5-8 are four of them. */
export function columns(text: string): (string | number)[] {
  return words(text).flatMap((given) => {
    const word = given.trim();
    const [, first, last] = /^(\d{1,7})-(\d{1,7})$/.exec(word) ?? [];
    if (first === undefined) return [column(word)];
    const [from, to] = [Number(first), Number(last)];
    if (to < from) throw new InvalidArgumentError(`The range ${word} ends before it begins.`);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}

/** Whole numbers joined by commas. */
export function numbers(text: string): number[] {
  return text.split(',').map(whole);
}
