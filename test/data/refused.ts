import * as assert from 'uvu/assert';
import { InputError } from '../../src/errors.ts';

/** Asserts that `action` fails with an InputError of one line that matches `pattern`. */
export async function refused(action: () => unknown, pattern: RegExp): Promise<void> {
  let error: unknown;
  try {
    await action();
  } catch (thrown) {
    error = thrown;
  }
  assert.instance(error, InputError, `expected an InputError like ${pattern}, got ${String(error)}`);
  const { message } = error as InputError;
  assert.match(message, pattern);
  assert.not.match(message, /\n/);
}

/** Asserts that two lists of numbers agree to `tolerance`, entry by entry; NaN never agrees. */
export function close(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.is(actual.length, expected.length, `lengths ${actual.length} and ${expected.length}`);
  for (let i = 0; i < expected.length; i++) {
    assert.ok(Math.abs(actual[i] - expected[i]) <= tolerance, `entry ${i} is ${actual[i]}, expected ${expected[i]}`);
  }
}

/** The bytes of a base64 text. */
export function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

/** The folder with the shared data sets, or undefined where the environment does not name it. */
export const dataFolder = process.env.RHOHAT_DATA || undefined;
