import * as assert from 'uvu/assert';
import { InputError } from '../../src/errors.ts';

/** The error that `action` throws or rejects with; fails if it does neither. */
export async function errorOf(action: () => unknown): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error;
  }
  return assert.unreachable('nothing was thrown');
}

/**
 * Fails unless `action` refuses its input with one clear line: an InputError that is `message`, or matches it, and that
 * does not let the validation library speak.
 */
export async function assertRefused(action: () => unknown, message: string | RegExp): Promise<void> {
  const error = await errorOf(action);
  assert.ok(error instanceof InputError, `${error} is no InputError`);
  if (!(error instanceof InputError)) return;
  assert.ok(error.message.length > 20 && !error.message.includes('\n'), error.message);
  assert.not.match(error.message, /Invalid|Expected|received|\[object/);
  if (typeof message === 'string') assert.is(error.message, message);
  else assert.match(error.message, message);
}
