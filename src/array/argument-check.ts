import { InputError, show } from '../errors.ts';

// For callers without types: an argument left out, a forgotten await, one thing in the place of another.

/** `like` shows an allowed one. @throws InputError unless the value is an object, and no list or promise. */
export function assertObject(value: unknown, name: string, like: string): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Promise)) return;
  throw new InputError(`${name} is ${show(value)}: it must be an object such as ${like}`);
}

/** `what` says of what. @throws InputError unless the value is a list; a typed array is one. */
export function assertList(value: unknown, name: string, what: string): void {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return;
  throw new InputError(`${name} is ${show(value)}: it must be a list of ${what}`);
}
